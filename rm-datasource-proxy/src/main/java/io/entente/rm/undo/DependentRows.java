package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that refer to one which the undo deletes, others may have attached them since: a foreign key with an action would
 * change them too, unseen. Without an action the database itself refuses the undo.
 */
final class DependentRows {

    private final Connection connection;
    private final Dialect dialect;
    private final Table table;
    private final List<ReferencingKey> foreignKeys;

    DependentRows(Connection connection, Dialect dialect, Table table) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.table = table;
        this.foreignKeys = dialect.referencing(connection, table.name()).stream()
                .filter(ReferencingKey::onDelete)
                .toList();
    }

    /**
     * The first table that has rows attached to the row; null when none has.
     *
     * @param image has the row, whole
     * @param undone keys of the rows that the same undo deletes; they may be attached to each other
     */
    @Nullable
    TableName attachedTo(RowImage image, Row row, List<Row> undone) throws SQLException {
        for (ReferencingKey key : foreignKeys) {
            if (isAttached(key, image, row, undone)) {
                return key.child();
            }
        }
        return null;
    }

    private boolean isAttached(ReferencingKey foreignKey, RowImage image, Row row, List<Row> undone)
            throws SQLException {
        boolean toItself = foreignKey.child().equals(table.name());
        List<Column> referenced = new ArrayList<>();
        StringBuilder sql =
                new StringBuilder("SELECT 1 FROM " + dialect.qualifiedName(foreignKey.child()) + " WHERE 1 = 1");
        for (int i = 0; i < foreignKey.columns().size(); i++) {
            Column column =
                    image.table().column(dialect.quote(foreignKey.references().get(i)));
            if (column == null || image.value(row, column) == null) {
                return false;
            }
            referenced.add(column);
            sql.append(" AND ")
                    .append(dialect.quote(foreignKey.columns().get(i)))
                    .append(" = ")
                    .append(dialect.access(column).keyPlaceholder());
        }
        if (toItself) {
            sql.append(" AND NOT (")
                    .append(dialect.keyPredicate(table, undone.size()))
                    .append(')');
        }
        try (PreparedStatement query = connection.prepareStatement(sql.toString())) {
            int position = 1;
            for (Column column : referenced) {
                dialect.bind(query, position++, column, image.value(row, column));
            }
            for (Row key : toItself ? undone : List.<Row>of()) {
                for (int i = 0; i < table.key().size(); i++) {
                    dialect.bind(
                            query, position++, table.key().get(i), key.values().get(i));
                }
            }
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }
}
