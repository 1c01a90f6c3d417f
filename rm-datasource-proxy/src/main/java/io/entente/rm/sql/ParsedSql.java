package io.entente.rm.sql;

import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;

/** The second opinion: the statement's syntax tree. */
final class ParsedSql {

    private ParsedSql() {}

    /**
     * @throws RefusalException the parser cannot read the statement, reads only a part of it, or reads another kind of
     *     statement
     */
    static <T extends Statement> T parse(ScannedSql sql, Class<T> kind) throws RefusalException {
        // The parser's own entry point starts a thread for each statement; its generated class does not.
        CCJSqlParser parser = new CCJSqlParser(new StringProvider(sql.forParser()));
        Statement statement;
        try {
            statement = parser.Statement();
        } catch (ParseException | RuntimeException | StackOverflowError e) {
            throw new RefusalException("the statement cannot be parsed: " + firstLine(e), Remedies.REWRITE);
        }
        if (parser.getNextToken().kind != CCJSqlParserConstants.EOF) {
            throw new RefusalException("the statement goes on after its end", "execute one statement at a time");
        }
        if (!kind.isInstance(statement)) {
            throw new RefusalException(
                    "the statement is read as " + statement.getClass().getSimpleName(), Remedies.REWRITE);
        }
        return kind.cast(statement);
    }

    /** @throws RefusalException scanner and parser do not agree on the table */
    static void requireSameTable(RecognizedSql.TableReference scanned, Table parsed) throws RefusalException {
        String expected = scanned.schema() == null ? scanned.name() : scanned.schema() + "." + scanned.name();
        if (!expected.equals(parsed.getFullyQualifiedName())) {
            throw new RefusalException(
                    "its table is read as " + expected + " and as " + parsed.getFullyQualifiedName(), Remedies.REWRITE);
        }
    }

    /** @throws RefusalException {@code plain} is false */
    static void require(boolean plain, String what, String remedy) throws RefusalException {
        if (!plain) {
            throw new RefusalException(what, remedy);
        }
    }

    private static String firstLine(Throwable e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end).strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
