package io.entente.rm.undo.seata;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.MySql;
import io.entente.rm.table.Column;
import io.entente.rm.table.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * Values that the drivers of MySQL and MariaDB give as others, so that Seata never saw them: any number but 0 in a
 * {@code TINYINT(1)} is true, a zero date is null, and a date without month or day is another day.
 *
 * <p>Nothing in a row of Seata's tells one from the other. So a table that holds such values is looked at, and what may be
 * one of them is refused. Only a sample of it: a whole table may take hours to read, and who stores such values at
 * all seldom stores few.
 */
final class MisreadValues {

    private static final int SAMPLE = 10_000;

    private final Connection connection;
    private final Dialect dialect;
    private final Map<Place, Boolean> known = new HashMap<>();

    private record Place(TableName table, Column column) {}

    MisreadValues(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** Whether the column holds values that a driver reads as others. */
    boolean inUse(TableName table, Column column) throws SQLException {
        String condition = dialect instanceof MySql ? condition(column) : "";
        if (condition.isEmpty()) {
            return false;
        }
        Boolean inUse = known.get(new Place(table, column));
        if (inUse == null) {
            inUse = find(table, column, condition);
            known.put(new Place(table, column), inUse);
        }
        return inUse;
    }

    private static String condition(Column column) {
        return switch (column.typeName()) {
            case "tinyint" -> "c NOT IN (0, 1)";
            case "date", "datetime", "timestamp" -> "DAYOFMONTH(c) = 0";
            default -> "";
        };
    }

    private boolean find(TableName table, Column column, String condition) throws SQLException {
        String sql = "SELECT 1 FROM (SELECT " + dialect.quote(column.name()) + " AS c FROM "
                + dialect.qualifiedName(table) + " LIMIT " + SAMPLE + ") AS some WHERE " + condition + " LIMIT 1";
        try (Statement query = connection.createStatement();
                ResultSet found = query.executeQuery(sql)) {
            return found.next();
        }
    }
}
