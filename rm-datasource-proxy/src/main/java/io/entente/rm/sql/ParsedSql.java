package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.Update;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.update.UpdateSet;
import org.jspecify.annotations.Nullable;

/**
 * The second opinion: a statement's syntax tree. Where the parser reads the statement, it must see the same in it; a
 * statement that is beyond the parser stands as it was recognised, and the database is the judge of its syntax.
 */
final class ParsedSql {

    private ParsedSql() {}

    /** @throws RefusalException the parser reads another statement */
    static void agreeOn(Update update, ScannedSql sql, int at) throws RefusalException {
        if (!(parse(sql, at) instanceof net.sf.jsqlparser.statement.update.Update parsed)) {
            return;
        }
        List<String> assigned = new ArrayList<>();
        for (UpdateSet set : parsed.getUpdateSets()) {
            for (Column column : set.getColumns()) {
                assigned.add(unquoted(column.getColumnName()));
            }
        }
        // A field of a composite column is a column of a table to the parser.
        boolean fields = update.assignments().stream().anyMatch(assignment -> assignment.qualifier() == null)
                && parsed.getUpdateSets().stream()
                        .flatMap(set -> set.getColumns().stream())
                        .anyMatch(column ->
                                column.getTable() != null && column.getTable().getName() != null);
        if (!fields) {
            require(
                    assigned.equals(update.assignments().stream()
                            .map(assignment -> unquoted(assignment.column()))
                            .toList()),
                    "the assigned columns " + assigned);
        }
        require((parsed.getWhere() == null) == update.rows().where().isEmpty(), "the condition " + parsed.getWhere());
        require((parsed.getLimit() == null) || !update.rows().limit().isEmpty(), "the limit " + parsed.getLimit());
        requireTable(update.table(), parsed.getTable());
    }

    /** @throws RefusalException the parser reads another statement */
    static void agreeOn(Delete delete, ScannedSql sql, int at) throws RefusalException {
        if (!(parse(sql, at) instanceof net.sf.jsqlparser.statement.delete.Delete parsed)) {
            return;
        }
        require((parsed.getWhere() == null) == delete.rows().where().isEmpty(), "the condition " + parsed.getWhere());
        require((parsed.getLimit() == null) || !delete.rows().limit().isEmpty(), "the limit " + parsed.getLimit());
        requireTable(delete.table(), parsed.getTable());
    }

    /** @throws RefusalException the parser reads another statement */
    static void agreeOn(Insert insert, ScannedSql sql, int at) throws RefusalException {
        if (!(parse(sql, at) instanceof net.sf.jsqlparser.statement.insert.Insert parsed)) {
            return;
        }
        int columns = parsed.getColumns() == null ? 0 : parsed.getColumns().size();
        if (insert.columns() != null && columns > 0) {
            require(columns == insert.columns().size(), "the columns " + parsed.getColumns());
        }
        requireTable(insert.table(), parsed.getTable());
    }

    private static @Nullable Statement parse(ScannedSql sql, int at) {
        // The parser's own entry point starts a thread for each statement; its generated class does not.
        CCJSqlParser parser =
                new CCJSqlParser(new StringProvider(sql.part(at, sql.size()).forParser()));
        try {
            Statement statement = parser.Statement();
            return parser.getNextToken().kind == CCJSqlParserConstants.EOF ? statement : null;
        } catch (ParseException | RuntimeException | StackOverflowError e) {
            return null;
        }
    }

    private static void requireTable(TableReference scanned, @Nullable Table parsed) throws RefusalException {
        if (parsed != null) {
            // SQL Server calls the table by the alias that it gets further on.
            String name = unquoted(parsed.getFullyQualifiedName());
            require(
                    name.equals(unquoted(scanned.qualifiedName())) || name.equals(unquoted(scanned.shortName())),
                    "the table " + parsed);
        }
    }

    /** A name without the signs that quote it and its parts: the parser has the signs of the standard in any dialect. */
    private static String unquoted(String name) {
        return name.replaceAll("[\"`\\[\\]]", "");
    }

    private static void require(boolean agreed, String seen) throws RefusalException {
        if (!agreed) {
            throw new RefusalException(
                    "the statement can be read in two ways; in one of them it has " + seen, Remedies.REWRITE);
        }
    }
}
