package io.entente.rm.jdbc;

import io.entente.rm.table.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Foreign keys that make the database change rows of other tables, which no image of the statement would hold.
 * Thread-safe; remembers the answers.
 */
final class CascadeRules {

    private final Map<TableName, List<Cascade>> byTable = new ConcurrentHashMap<>();

    /**
     * One column that a foreign key of another table references with an action.
     *
     * @param column the referenced column, in upper case
     * @param child the table whose rows the action changes
     */
    private record Cascade(String column, String child, boolean onDelete, boolean onUpdate) {}

    /** The table whose rows a DELETE would change too; null when there is none. */
    @Nullable
    String changedByDelete(Connection connection, TableName table) throws SQLException {
        for (Cascade cascade : of(connection, table)) {
            if (cascade.onDelete()) {
                return cascade.child();
            }
        }
        return null;
    }

    /** The table whose rows an UPDATE of these columns would change too; null when there is none. */
    @Nullable
    String changedByUpdate(Connection connection, TableName table, List<String> columns) throws SQLException {
        for (Cascade cascade : of(connection, table)) {
            boolean written = columns.stream().anyMatch(column -> upper(column).equals(cascade.column()));
            if (cascade.onUpdate() && written) {
                return cascade.child();
            }
        }
        return null;
    }

    private List<Cascade> of(Connection connection, TableName table) throws SQLException {
        List<Cascade> known = byTable.get(table);
        if (known == null) {
            known = read(connection, table);
            byTable.put(table, known);
        }
        return known;
    }

    private static List<Cascade> read(Connection connection, TableName table) throws SQLException {
        List<Cascade> cascades = new ArrayList<>();
        try (ResultSet keys = connection.getMetaData().getExportedKeys(table.catalog(), table.schema(), table.name())) {
            while (keys.next()) {
                boolean onDelete = acts(keys.getShort("DELETE_RULE"));
                boolean onUpdate = acts(keys.getShort("UPDATE_RULE"));
                if (onDelete || onUpdate) {
                    cascades.add(new Cascade(
                            upper(keys.getString("PKCOLUMN_NAME")),
                            keys.getString("FKTABLE_NAME"),
                            onDelete,
                            onUpdate));
                }
            }
        }
        return cascades;
    }

    private static boolean acts(short rule) {
        return rule == DatabaseMetaData.importedKeyCascade
                || rule == DatabaseMetaData.importedKeySetNull
                || rule == DatabaseMetaData.importedKeySetDefault;
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
