package io.entente.rm.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Divides a statement into tokens.
 *
 * <p>Row images are read with pieces of the application's own text (its table and its WHERE), so their exact offsets
 * are needed, which a syntax tree does not have. The scanner also writes the text that the parser gets, without
 * comments and with the few things the parser stumbles over replaced by something of the same shape.
 */
final class SqlScanner {

    private static final String KNOWN_SYMBOLS = "+-*/%<>=!~^&|:@#.,;()[]{}?$";

    private final SqlSyntax syntax;
    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private final StringBuilder forParser = new StringBuilder();
    private int at;
    private int depth;

    private SqlScanner(SqlSyntax syntax, String sql) {
        this.syntax = syntax;
        this.sql = sql;
    }

    static ScannedSql scan(SqlSyntax syntax, String sql) throws UnreadableSqlException {
        SqlScanner scanner = new SqlScanner(syntax, sql);
        while (scanner.at < sql.length()) {
            scanner.next();
        }
        if (scanner.depth != 0) {
            throw new UnreadableSqlException("a parenthesis is not closed");
        }
        return new ScannedSql(sql, scanner.tokens, scanner.forParser.toString());
    }

    private void next() throws UnreadableSqlException {
        char c = sql.charAt(at);
        if (Character.isWhitespace(c)) {
            forParser.append(' ');
            at++;
        } else if (startsLineComment()) {
            int end = sql.indexOf('\n', at);
            at = end < 0 ? sql.length() : end;
            forParser.append(' ');
        } else if (sql.startsWith("/*", at)) {
            blockComment();
        } else if (c == '\'') {
            string(at, syntax.backslashEscapes());
        } else if (c == '"' || c == '`') {
            quotedName(c);
        } else if (c == '$' && syntax.dollarQuotes() && dollarTagEnd() > 0) {
            dollarQuoted(dollarTagEnd());
        } else if (isWordStart(c)) {
            word();
        } else if (isDigit(c) || (c == '.' && at + 1 < sql.length() && isDigit(sql.charAt(at + 1)))) {
            number();
        } else if (c == '?') {
            questionMark();
        } else {
            symbol(c);
        }
    }

    private boolean startsLineComment() {
        if (syntax.mysqlComments() && sql.charAt(at) == '#') {
            return true;
        }
        if (!sql.startsWith("--", at)) {
            return false;
        }
        // MySQL reads a--1 as a minus minus one.
        return !syntax.mysqlComments() || at + 2 >= sql.length() || sql.charAt(at + 2) <= ' ';
    }

    private void blockComment() throws UnreadableSqlException {
        if (syntax.mysqlComments() && (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at))) {
            throw new UnreadableSqlException("the server would execute what is inside the comment "
                    + sql.substring(at, Math.min(sql.length(), at + 20)) + "…");
        }
        int open = 0;
        int i = at;
        do {
            if (sql.startsWith("/*", i) && (open == 0 || syntax.nestedComments())) {
                open++;
                i += 2;
            } else if (sql.startsWith("*/", i)) {
                open--;
                i += 2;
            } else {
                i++;
            }
            if (i >= sql.length() && open > 0) {
                throw new UnreadableSqlException("a comment is not closed");
            }
        } while (open > 0);
        at = i;
        forParser.append(' ');
    }

    /** Reads a string whose opening quote is at {@code quote}. */
    private void string(int quote, boolean escapes) throws UnreadableSqlException {
        int start = at;
        boolean escaped = false;
        int i = quote + 1;
        while (true) {
            if (i >= sql.length()) {
                throw new UnreadableSqlException("a string is not closed");
            }
            char c = sql.charAt(i);
            if (c == '\\' && escapes) {
                escaped = true;
                i += 2;
            } else if (c != '\'') {
                i++;
            } else if (i + 1 < sql.length() && sql.charAt(i + 1) == '\'') {
                i += 2;
            } else {
                break;
            }
        }
        at = i + 1;
        add(Token.Kind.STRING, start, "");
        forParser.append(escaped ? "'s'" : sql.substring(quote, at));
    }

    private void quotedName(char quote) throws UnreadableSqlException {
        int start = at;
        boolean escapes = syntax.backslashEscapes() && quote == '"';
        boolean escaped = false;
        int i = at + 1;
        while (true) {
            if (i >= sql.length()) {
                throw new UnreadableSqlException("a quoted name is not closed");
            }
            char c = sql.charAt(i);
            if (c == '\\' && escapes) {
                escaped = true;
                i += 2;
            } else if (c != quote) {
                i++;
            } else if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
                i += 2;
            } else {
                break;
            }
        }
        at = i + 1;
        add(Token.Kind.QUOTED_NAME, start, "");
        forParser.append(escaped ? "'s'" : sql.substring(start, at));
    }

    /** Offset after the opening {@code $tag$}, or 0 when there is none here. */
    private int dollarTagEnd() {
        int i = at + 1;
        while (i < sql.length() && (Character.isLetterOrDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
            i++;
        }
        boolean numbered = at + 1 < sql.length() && isDigit(sql.charAt(at + 1));
        return !numbered && i < sql.length() && sql.charAt(i) == '$' ? i + 1 : 0;
    }

    private void dollarQuoted(int tagEnd) throws UnreadableSqlException {
        int start = at;
        String tag = sql.substring(at, tagEnd);
        int close = sql.indexOf(tag, tagEnd);
        if (close < 0) {
            throw new UnreadableSqlException("a string that begins with " + tag + " is not closed");
        }
        at = close + tag.length();
        add(Token.Kind.STRING, start, "");
        forParser.append("'s'");
    }

    private void word() throws UnreadableSqlException {
        int start = at;
        while (at < sql.length() && isWordPart(sql.charAt(at))) {
            at++;
        }
        String upper = sql.substring(start, at).toUpperCase(Locale.ROOT);
        boolean stringFollows = at < sql.length() && sql.charAt(at) == '\'';
        if (stringFollows && upper.equals("E") && syntax == SqlSyntax.POSTGRESQL) {
            int quote = at;
            at = start;
            string(quote, true);
            return;
        }
        add(Token.Kind.WORD, start, upper);
        if (syntax == SqlSyntax.MYSQL && upper.equals("DIV")) {
            forParser.append('/');
        } else if (syntax == SqlSyntax.MYSQL && upper.equals("MOD") && !parenthesisFollows()) {
            forParser.append('%');
        } else {
            forParser.append(sql, start, at);
        }
    }

    private boolean parenthesisFollows() {
        int i = at;
        while (i < sql.length() && Character.isWhitespace(sql.charAt(i))) {
            i++;
        }
        return i < sql.length() && sql.charAt(i) == '(';
    }

    private void number() {
        int start = at;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            boolean exponentSign = (c == '+' || c == '-')
                    && (sql.charAt(at - 1) == 'e' || sql.charAt(at - 1) == 'E')
                    && !sql.startsWith("0x", start)
                    && at > start;
            if (!isWordPart(c) && c != '.' && !exponentSign) {
                break;
            }
            at++;
        }
        add(Token.Kind.NUMBER, start, "");
        forParser.append(sql, start, at);
    }

    private void questionMark() throws UnreadableSqlException {
        if (syntax.doubledQuestionMarkIsOperator() && sql.startsWith("??", at)) {
            int start = at;
            at += 2;
            if (at < sql.length() && (sql.charAt(at) == '|' || sql.charAt(at) == '&')) {
                at++;
            }
            add(Token.Kind.SYMBOL, start, sql.substring(start, at));
            forParser.append("@>");
            return;
        }
        at++;
        if (at < sql.length() && isDigit(sql.charAt(at))) {
            throw new UnreadableSqlException("numbered parameters such as ?" + sql.charAt(at) + " are not supported");
        }
        add(Token.Kind.PARAMETER, at - 1, "");
        forParser.append('?');
    }

    private void symbol(char c) throws UnreadableSqlException {
        if (KNOWN_SYMBOLS.indexOf(c) < 0) {
            throw new UnreadableSqlException("the character " + c + " at offset " + at + " has no meaning there");
        }
        int start = at;
        at++;
        if (c == ')') {
            depth--;
            if (depth < 0) {
                throw new UnreadableSqlException("a parenthesis is closed that was never opened");
            }
        }
        add(Token.Kind.SYMBOL, start, String.valueOf(c));
        if (c == '(') {
            depth++;
        }
        forParser.append(c);
        if (c == '-' && sql.startsWith("-", at)) {
            // What reaches here is MySQL's two minus signs, which the parser would take for a comment.
            forParser.append(' ');
        }
    }

    private void add(Token.Kind kind, int start, String upper) {
        tokens.add(new Token(kind, start, at, depth, upper));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_' || c > 0x7f;
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c) || c == '$';
    }
}
