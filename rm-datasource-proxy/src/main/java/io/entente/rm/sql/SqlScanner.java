package io.entente.rm.sql;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Divides a statement into tokens.
 *
 * <p>Rows are captured with pieces of the application's own text (its table, its WHERE), so their exact offsets are
 * needed, which a syntax tree does not have. What the parser stumbles over gets a replacement of the same shape.
 */
final class SqlScanner {

    private static final String KNOWN_SYMBOLS = "+-*/%<>=!~^&|:@#.,;()[]{}?$";

    private final SqlSyntax syntax;
    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private final Set<Directive> directives = EnumSet.noneOf(Directive.class);
    private int at;
    private int depth;
    private boolean quotesAfterBackslashes;

    private SqlScanner(SqlSyntax syntax, String sql) {
        this.syntax = syntax;
        this.sql = sql;
    }

    /**
     * A text as it stands.
     *
     * @param statements what semicolons separate; empty ones are left out
     * @param quotesAfterBackslashes see {@link Recognition#quotesAfterBackslashes}
     */
    record Scanned(List<ScannedSql> statements, Set<Directive> directives, boolean quotesAfterBackslashes) {}

    static Scanned scan(SqlSyntax syntax, String sql) throws UnreadableSqlException {
        SqlScanner scanner = new SqlScanner(syntax, sql);
        while (scanner.at < sql.length()) {
            scanner.next();
        }
        if (scanner.depth != 0) {
            throw new UnreadableSqlException("a parenthesis or a bracket is not closed");
        }
        return new Scanned(
                statements(new ScannedSql(sql, scanner.tokens, 1)), scanner.directives, scanner.quotesAfterBackslashes);
    }

    private static List<ScannedSql> statements(ScannedSql all) throws UnreadableSqlException {
        List<ScannedSql> statements = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= all.size(); i++) {
            if (i < all.size() && !all.is(i, ";")) {
                continue;
            }
            if (i < all.size() && all.token(i).depth() > 0) {
                throw new UnreadableSqlException("a semicolon stands inside parentheses");
            }
            if (i > start) {
                // Each counts its parameters from one.
                statements.add(new ScannedSql(all.sql(), all.tokens().subList(start, i), 1));
            }
            start = i + 1;
        }
        return statements;
    }

    private void next() throws UnreadableSqlException {
        char c = sql.charAt(at);
        if (Character.isSpaceChar(c) && c > 0x7f) {
            throw new UnreadableSqlException("a space of another kind than the usual one stands at offset " + at);
        }
        if (Character.isWhitespace(c)) {
            at++;
        } else if (startsLineComment()) {
            comment(endOfLine());
        } else if (sql.startsWith("/*", at)) {
            blockComment();
        } else if (c == '\'') {
            string(at, syntax.backslashEscapes());
        } else if (c == '"' || c == '`') {
            quotedName(c);
        } else if (c == '[' && syntax.bracketNames()) {
            quotedName(']');
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
        boolean other = (syntax.mysqlComments() && sql.charAt(at) == '#')
                || (syntax == SqlSyntax.H2 && sql.startsWith("//", at));
        if (other) {
            return true;
        }
        if (!sql.startsWith("--", at)) {
            return false;
        }
        // MySQL reads a--1 as a minus minus one.
        return !syntax.mysqlComments() || at + 2 >= sql.length() || sql.charAt(at + 2) <= ' ';
    }

    /** For most databases a carriage return ends it too; of some that is not known. */
    private int endOfLine() throws UnreadableSqlException {
        int end = sql.indexOf('\n', at);
        end = end < 0 ? sql.length() : end;
        int carriageReturn = sql.indexOf('\r', at);
        if (syntax == SqlSyntax.MYSQL || carriageReturn < 0 || carriageReturn + 1 >= end) {
            return end;
        }
        if (syntax != SqlSyntax.H2 && syntax != SqlSyntax.POSTGRESQL) {
            throw new UnreadableSqlException("a carriage return without a line feed stands in a comment");
        }
        return carriageReturn;
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
        comment(i);
    }

    private void comment(int end) throws UnreadableSqlException {
        Directive directive = Directive.of(sql.substring(at, end));
        if (directive != null) {
            directives.add(directive);
        }
        at = end;
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
            if (quote == start) {
                noteQuoteAfterBackslash(i, '\'');
            }
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
        add(Token.Kind.STRING, start, "", escaped || quote > start ? "'s'" : null);
    }

    private void quotedName(char quote) throws UnreadableSqlException {
        int start = at;
        boolean escapes = syntax.backslashEscapes() && quote == '"';
        boolean escaped = quote == ']';
        int i = at + 1;
        while (true) {
            if (i >= sql.length()) {
                throw new UnreadableSqlException("a quoted name is not closed");
            }
            char c = sql.charAt(i);
            if (escapes) {
                noteQuoteAfterBackslash(i, quote);
            }
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
        add(Token.Kind.QUOTED_NAME, start, "", escaped ? standardName(sql.substring(start + 1, i)) : null);
    }

    /** Where a string that begins with its quote ends then depends on the session. */
    private void noteQuoteAfterBackslash(int i, char quote) {
        quotesAfterBackslashes |=
                syntax.backslashesVary() && sql.charAt(i) == '\\' && i + 1 < sql.length() && sql.charAt(i + 1) == quote;
    }

    private static String standardName(String inner) {
        return '"' + inner.replace("]]", "]").replace("\"", "").replace("\\", "") + '"';
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
        add(Token.Kind.STRING, start, "", "'s'");
    }

    /** Oracle's q'[…]', with brackets of any kind or any other character at both ends. */
    private void alternativeQuoted(int start) throws UnreadableSqlException {
        int open = at + 1;
        String close = open >= sql.length() ? "" : closing(sql.charAt(open)) + "'";
        int end = close.isEmpty() ? -1 : sql.indexOf(close, open + 1);
        if (end < 0) {
            throw new UnreadableSqlException(
                    "a string that begins with " + sql.substring(start, open) + " is not closed");
        }
        at = end + close.length();
        add(Token.Kind.STRING, start, "", "'s'");
    }

    private static char closing(char open) {
        return switch (open) {
            case '[' -> ']';
            case '(' -> ')';
            case '{' -> '}';
            case '<' -> '>';
            default -> open;
        };
    }

    private void word() throws UnreadableSqlException {
        int start = at;
        while (at < sql.length() && (isWordPart(sql.charAt(at)) || syntax.inNames(sql.charAt(at)))) {
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
        if (upper.equals("U") && sql.startsWith("&\"", at)) {
            throw new UnreadableSqlException("names with Unicode escapes, U&\"…\", are not supported");
        }
        if (stringFollows && syntax.alternativeQuotes() && (upper.equals("Q") || upper.equals("NQ"))) {
            alternativeQuoted(start);
            return;
        }
        @Nullable String replacement = null;
        if (syntax == SqlSyntax.MYSQL && upper.equals("DIV")) {
            replacement = "/";
        } else if (syntax == SqlSyntax.MYSQL && upper.equals("MOD") && !parenthesisFollows()) {
            replacement = "%";
        }
        add(Token.Kind.WORD, start, upper, replacement);
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
        add(Token.Kind.NUMBER, start, "", null);
    }

    private void questionMark() throws UnreadableSqlException {
        if (syntax.doubledQuestionMarkIsOperator() && sql.startsWith("??", at)) {
            int start = at;
            at += 2;
            if (at < sql.length() && (sql.charAt(at) == '|' || sql.charAt(at) == '&')) {
                at++;
            }
            add(Token.Kind.SYMBOL, start, sql.substring(start, at), "@>");
            return;
        }
        at++;
        if (at < sql.length() && isDigit(sql.charAt(at))) {
            throw new UnreadableSqlException("numbered parameters such as ?" + sql.charAt(at) + " are not supported");
        }
        add(Token.Kind.PARAMETER, at - 1, "", null);
    }

    private void symbol(char c) throws UnreadableSqlException {
        if (KNOWN_SYMBOLS.indexOf(c) < 0) {
            throw new UnreadableSqlException("the character " + c + " at offset " + at + " has no meaning there");
        }
        if (c == '[' && syntax == SqlSyntax.H2) {
            requireNoQuoteInBrackets();
        }
        boolean named = c == ':' && at + 1 < sql.length() && isWordPart(sql.charAt(at + 1));
        if (named && syntax.namedParameters()) {
            throw new UnreadableSqlException("named parameters are not supported; write a question mark");
        }
        int start = at;
        at++;
        if (c == ')' || c == ']') {
            depth--;
            if (depth < 0) {
                throw new UnreadableSqlException("a parenthesis or a bracket is closed that was never opened");
            }
        }
        // Two minus signs that are no comment are MySQL's; the parser would take them for one.
        add(Token.Kind.SYMBOL, start, String.valueOf(c), c == '-' && sql.startsWith("-", at) ? "- " : null);
        if (c == '(' || c == '[') {
            depth++;
        }
    }

    /** H2 in the mode of SQL Server takes brackets for quotes of names, and then what is in them for nothing else. */
    private void requireNoQuoteInBrackets() throws UnreadableSqlException {
        int end = sql.indexOf(']', at);
        String inside = sql.substring(at, end < 0 ? sql.length() : end);
        if (inside.matches("(?s).*(['\"`;]|--|/[*/]).*")) {
            throw new UnreadableSqlException("what stands in brackets at offset " + at + " may be a name or not");
        }
    }

    private void add(Token.Kind kind, int start, String upper, @Nullable String replacement) {
        tokens.add(new Token(kind, start, at, depth, upper, replacement));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_' || (c > 0x7f && !Character.isSpaceChar(c));
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c) || c == '$';
    }
}
