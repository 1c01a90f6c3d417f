package io.entente.rm.table;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A foreign key of another table, or of the same, that refers to a table.
 *
 * @param child the table that has it
 * @param columns of {@code child}
 * @param references the columns they refer to, in the same order
 * @param onDelete whether it changes rows of {@code child} when a row is deleted, instead of forbidding that
 * @param onUpdate whether it changes rows of {@code child} when a referred column is updated
 */
public record ReferencingKey(
        TableName child, List<String> columns, List<String> references, boolean onDelete, boolean onUpdate) {

    public ReferencingKey {
        columns = List.copyOf(columns);
        references = List.copyOf(references);
    }

    /** Whether it changes other rows when one of these columns is updated. */
    public boolean followsUpdateOf(List<Column> written) {
        return onUpdate
                && written.stream().anyMatch(column -> references.stream().anyMatch(column.name()::equalsIgnoreCase));
    }

    /** All that refer to the table. */
    public static List<ReferencingKey> read(Connection connection, TableName table) throws SQLException {
        List<Columns> all = new ArrayList<>();
        Map<String, Columns> byName = new HashMap<>();
        try (ResultSet keys = connection.getMetaData().getExportedKeys(table.catalog(), table.schema(), table.name())) {
            while (keys.next()) {
                TableName child = new TableName(
                        table.catalog() == null ? null : keys.getString("FKTABLE_CAT"),
                        table.schema() == null ? null : keys.getString("FKTABLE_SCHEM"),
                        keys.getString("FKTABLE_NAME"));
                String name = child + " " + keys.getString("FK_NAME");
                // The columns of one key come one after the other.
                if (!byName.containsKey(name) || keys.getShort("KEY_SEQ") == 1) {
                    Columns columns =
                            new Columns(child, acts(keys.getShort("DELETE_RULE")), acts(keys.getShort("UPDATE_RULE")));
                    byName.put(name, columns);
                    all.add(columns);
                }
                Columns columns = byName.get(name);
                if (columns != null) {
                    columns.own.add(keys.getString("FKCOLUMN_NAME"));
                    columns.references.add(keys.getString("PKCOLUMN_NAME"));
                }
            }
        }
        return all.stream()
                .map(key -> new ReferencingKey(key.child, key.own, key.references, key.onDelete, key.onUpdate))
                .toList();
    }

    private static boolean acts(short rule) {
        return rule == DatabaseMetaData.importedKeyCascade
                || rule == DatabaseMetaData.importedKeySetNull
                || rule == DatabaseMetaData.importedKeySetDefault;
    }

    private static final class Columns {
        private final TableName child;
        private final boolean onDelete;
        private final boolean onUpdate;
        private final List<String> own = new ArrayList<>();
        private final List<String> references = new ArrayList<>();

        Columns(TableName child, boolean onDelete, boolean onUpdate) {
            this.child = child;
            this.onDelete = onDelete;
            this.onUpdate = onUpdate;
        }
    }
}
