package io.entente.rm.sql;

import java.util.List;

/**
 * A statement divided into tokens.
 *
 * @param sql the statement as the application wrote it
 * @param tokens all tokens, a trailing semicolon included
 * @param forParser the same statement for the parser; offsets differ from {@code sql}
 */
record ScannedSql(String sql, List<Token> tokens, String forParser) {

    ScannedSql {
        tokens = List.copyOf(tokens);
    }

    int size() {
        return tokens.size();
    }

    Token token(int index) {
        return tokens.get(index);
    }

    boolean is(int index, String text) {
        return index >= 0 && index < tokens.size() && tokens.get(index).is(text);
    }

    /** Index of the first token with this text at depth 0 at or after {@code from}; -1 when there is none. */
    int find(String text, int from) {
        for (int i = from; i < tokens.size(); i++) {
            if (tokens.get(i).depth() == 0 && tokens.get(i).is(text)) {
                return i;
            }
        }
        return -1;
    }

    /** The original text from one token to before another; an index past the last token means the end. */
    String text(int from, int to) {
        if (from >= to) {
            return "";
        }
        return sql.substring(tokens.get(from).start(), tokens.get(to - 1).end());
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

    /** The piece between two tokens together with the numbers of its parameters. */
    Fragment fragment(int from, int to) {
        return new Fragment(text(from, to), parameters(0, from) + 1, parameters(from, to));
    }

    /** Without the semicolon that ends it; the caller has made sure that nothing follows. */
    ScannedSql withoutTrailingSemicolons() {
        int end = tokens.size();
        while (end > 0 && tokens.get(end - 1).is(";")) {
            end--;
        }
        if (end == tokens.size()) {
            return this;
        }
        String text = forParser.stripTrailing();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).stripTrailing();
        }
        return new ScannedSql(sql, tokens.subList(0, end), text);
    }
}
