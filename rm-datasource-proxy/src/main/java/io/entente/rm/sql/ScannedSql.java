package io.entente.rm.sql;

import io.entente.rm.table.Identifier;
import java.util.List;

/**
 * A statement, or a part of a larger one, divided into tokens.
 *
 * @param sql the whole text as the application wrote it
 * @param tokens the tokens of this statement; a trailing semicolon is none of them
 * @param firstParameter JDBC number of its first parameter, 1 unless others stand before it
 */
record ScannedSql(String sql, List<Token> tokens, int firstParameter) {

    ScannedSql {
        tokens = List.copyOf(tokens);
    }

    int size() {
        return tokens.size();
    }

    Token token(int index) {
        return tokens.get(index);
    }

    /** Whether the word stands anywhere, quoted or not. */
    boolean mentions(String upper) {
        for (int i = 0; i < size(); i++) {
            Token token = token(i);
            boolean quoted = token.kind() == Token.Kind.QUOTED_NAME
                    && Identifier.parse(text(i, i + 1)).text().equalsIgnoreCase(upper);
            if (token.is(upper) || quoted) {
                return true;
            }
        }
        return false;
    }

    boolean is(int index, String text) {
        return index >= 0 && index < tokens.size() && tokens.get(index).is(text);
    }

    /** Whether these words and symbols stand one after the other. */
    boolean are(int index, String... texts) {
        for (int i = 0; i < texts.length; i++) {
            if (!is(index + i, texts[i])) {
                return false;
            }
        }
        return true;
    }

    boolean isName(int index) {
        return index >= 0 && index < tokens.size() && tokens.get(index).isName();
    }

    /** Index of the first token with this text at depth 0 at or after {@code from}; -1 when there is none. */
    int find(String text, int from) {
        return find(text, from, tokens.size());
    }

    /** As {@link #find(String, int)}, before {@code to}. */
    int find(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (tokens.get(i).depth() == 0 && tokens.get(i).is(text)) {
                return i;
            }
        }
        return -1;
    }

    /** Index after the parenthesis that closes the one at {@code open}. */
    int afterGroup(int open) {
        int depth = tokens.get(open).depth();
        for (int i = open + 1; i < tokens.size(); i++) {
            if (tokens.get(i).depth() == depth && tokens.get(i).is(")")) {
                return i + 1;
            }
        }
        throw new IllegalStateException("The scanner let an open parenthesis through: " + sql);
    }

    /** The original text from one token to before another; an index past the last token means the end. */
    String text(int from, int to) {
        if (from >= to) {
            return "";
        }
        return sql.substring(tokens.get(from).start(), tokens.get(to - 1).end());
    }

    /** A few tokens for a message. */
    String excerpt(int from) {
        return text(from, Math.min(size(), from + 4));
    }

    /** How many parameters stand in the tokens {@code from} (inclusive) to {@code to} (exclusive). */
    int parameters(int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if (tokens.get(i).kind() == Token.Kind.PARAMETER) {
                count++;
            }
        }
        return count;
    }

    /** JDBC number of the first parameter at or after a token. */
    int parameterAt(int index) {
        return firstParameter + parameters(0, index);
    }

    /** The piece between two tokens together with the numbers of its parameters. */
    Fragment fragment(int from, int to) {
        return from >= to ? Fragment.NONE : new Fragment(text(from, to), parameterAt(from), parameters(from, to));
    }

    /** The part between two tokens as a statement of its own: its outermost tokens get depth 0. */
    ScannedSql part(int from, int to) {
        if (from >= to) {
            return new ScannedSql(sql, List.of(), parameterAt(from));
        }
        int depth = tokens.get(from).depth();
        return new ScannedSql(
                sql,
                tokens.subList(from, to).stream()
                        .map(token -> token.higherBy(depth))
                        .toList(),
                parameterAt(from));
    }

    /** The same statement for the parser: without comments, and with what it cannot read replaced. */
    String forParser() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (i > 0 && tokens.get(i - 1).end() < token.start()) {
                text.append(' ');
            }
            String replacement = token.forParser();
            text.append(replacement == null ? sql.substring(token.start(), token.end()) : replacement);
        }
        return text.toString();
    }
}
