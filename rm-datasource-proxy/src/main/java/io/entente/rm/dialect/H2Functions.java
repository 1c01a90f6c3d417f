package io.entente.rm.dialect;

import io.entente.rm.table.HiddenCall;
import io.entente.rm.table.TableName;
import io.entente.rm.table.Writers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * H2's catalog of functions, and of what calls them. What a function is declared to do is believed. The catalog tells
 * expressions with every name in double quotes.
 */
final class H2Functions {

    private H2Functions() {}

    static Writers writers(Connection connection) throws SQLException {
        Set<String> functions = doubtful(connection);
        Set<String> relations = new HashSet<>();
        Catalog.each(
                connection,
                "SELECT EVENT_OBJECT_TABLE FROM INFORMATION_SCHEMA.TRIGGERS WHERE UPPER(EVENT_MANIPULATION) LIKE '%SELECT%'",
                row -> relations.add(row.getString(1)));
        if (functions.isEmpty() && relations.isEmpty()) {
            return Writers.NONE;
        }
        ViewTexts views = new ViewTexts('"');
        Catalog.each(
                connection,
                "SELECT TABLE_NAME, VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS WHERE VIEW_DEFINITION IS NOT NULL",
                row -> views.add(row.getString(1), row.getString(2)));
        return new Writers(inLowerCase(functions), inLowerCase(views.using(functions, relations)));
    }

    /** What is deterministic reads no tables. */
    static Set<String> thatMayRead(Connection connection) throws SQLException {
        return inLowerCase(doubtful(connection));
    }

    /** Their names as the catalog has them. */
    private static Set<String> doubtful(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        Catalog.each(
                connection,
                // One without a result is called a procedure there, and yet stands in queries.
                "SELECT ROUTINE_NAME FROM INFORMATION_SCHEMA.ROUTINES WHERE COALESCE(IS_DETERMINISTIC, 'NO') <> 'YES'",
                row -> names.add(row.getString(1)));
        return names;
    }

    /** Those of defaults, checks, generated columns, and of the domains that columns have. */
    static List<HiddenCall> hiddenCalls(Connection connection, TableName name) throws SQLException {
        Set<String> functions = doubtful(connection);
        List<HiddenCall> calls = new ArrayList<>();
        if (functions.isEmpty()) {
            return calls;
        }
        ViewTexts texts = new ViewTexts('"');
        Catalog.each(
                connection,
                "SELECT place, expression, on_update FROM ("
                        + "SELECT TABLE_SCHEMA s, TABLE_NAME t, 'the default of column ' || COLUMN_NAME place,"
                        + " COLUMN_DEFAULT expression, FALSE on_update FROM INFORMATION_SCHEMA.COLUMNS"
                        + " UNION ALL SELECT TABLE_SCHEMA, TABLE_NAME, 'the ON UPDATE of column ' || COLUMN_NAME,"
                        + " COLUMN_ON_UPDATE, TRUE FROM INFORMATION_SCHEMA.COLUMNS"
                        + " UNION ALL SELECT TABLE_SCHEMA, TABLE_NAME, 'the generated column ' || COLUMN_NAME,"
                        + " GENERATION_EXPRESSION, TRUE FROM INFORMATION_SCHEMA.COLUMNS"
                        + " UNION ALL SELECT t.TABLE_SCHEMA, t.TABLE_NAME, 'the check ' || k.CONSTRAINT_NAME,"
                        + " k.CHECK_CLAUSE, TRUE FROM INFORMATION_SCHEMA.CHECK_CONSTRAINTS k"
                        + " JOIN INFORMATION_SCHEMA.TABLE_CONSTRAINTS t"
                        + " ON t.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = k.CONSTRAINT_NAME"
                        + " UNION ALL SELECT c.TABLE_SCHEMA, c.TABLE_NAME,"
                        + " 'the check of the domain of column ' || c.COLUMN_NAME, k.CHECK_CLAUSE, TRUE"
                        + " FROM INFORMATION_SCHEMA.COLUMNS c JOIN INFORMATION_SCHEMA.DOMAIN_CONSTRAINTS d"
                        + " ON d.DOMAIN_SCHEMA = c.DOMAIN_SCHEMA AND d.DOMAIN_NAME = c.DOMAIN_NAME"
                        + " JOIN INFORMATION_SCHEMA.CHECK_CONSTRAINTS k ON k.CONSTRAINT_SCHEMA = d.CONSTRAINT_SCHEMA"
                        + " AND k.CONSTRAINT_NAME = d.CONSTRAINT_NAME"
                        + " UNION ALL SELECT c.TABLE_SCHEMA, c.TABLE_NAME,"
                        + " 'the default of the domain of column ' || c.COLUMN_NAME, d.DOMAIN_DEFAULT, FALSE"
                        + " FROM INFORMATION_SCHEMA.COLUMNS c JOIN INFORMATION_SCHEMA.DOMAINS d"
                        + " ON d.DOMAIN_SCHEMA = c.DOMAIN_SCHEMA AND d.DOMAIN_NAME = c.DOMAIN_NAME"
                        + " UNION ALL SELECT c.TABLE_SCHEMA, c.TABLE_NAME,"
                        + " 'the ON UPDATE of the domain of column ' || c.COLUMN_NAME, d.DOMAIN_ON_UPDATE, TRUE"
                        + " FROM INFORMATION_SCHEMA.COLUMNS c JOIN INFORMATION_SCHEMA.DOMAINS d"
                        + " ON d.DOMAIN_SCHEMA = c.DOMAIN_SCHEMA AND d.DOMAIN_NAME = c.DOMAIN_NAME"
                        + ") calls WHERE s = ? AND t = ? AND expression IS NOT NULL ORDER BY place",
                row -> {
                    String expression = row.getString(2);
                    for (String function : functions) {
                        if (texts.calls(expression, function)) {
                            calls.add(new HiddenCall(
                                    row.getString(1), function.toLowerCase(Locale.ROOT), row.getBoolean(3)));
                        }
                    }
                },
                name.schema(),
                name.name());
        return calls;
    }

    private static Set<String> inLowerCase(Set<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }
}
