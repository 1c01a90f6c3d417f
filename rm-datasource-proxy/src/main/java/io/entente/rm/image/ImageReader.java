package io.entente.rm.image;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads rows by their keys. */
public final class ImageReader {

    /** Keeps statements small and far from every driver's limit of parameters. */
    private static final int PARAMETERS_PER_QUERY = 500;

    private ImageReader() {}

    /**
     * Reads rows by key. Rows that do not exist are missing in the answer, whose order is the database's.
     *
     * @param keys each in key order, see {@link RowImage#keys}
     * @param forUpdate whether to lock the rows until the transaction ends
     * @throws StaleTableException the database sends other columns than the table's metadata has
     */
    public static RowImage readByKeys(
            Connection connection,
            Table table,
            List<Column> columns,
            List<Row> keys,
            boolean forUpdate,
            Dialect dialect)
            throws SQLException {
        List<Row> rows = new ArrayList<>();
        ImageColumns image = ImageColumns.of(table, columns, dialect);
        String from = dialect.qualifiedName(table.name());
        for (List<Row> part : portions(table, keys)) {
            String condition = dialect.keyPredicate(table, part.size());
            String sql = forUpdate
                    ? dialect.lockingQuery(image.select(dialect.starQualifier(table.name())), from, condition)
                    : "SELECT " + image.select(dialect.starQualifier(table.name())) + " FROM " + from + " WHERE "
                            + condition;
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                bindKeys(query, 1, table, part, dialect);
                try (ResultSet result = query.executeQuery()) {
                    rows.addAll(image.readAll(result).rows());
                }
            }
        }
        return new RowImage(table, columns, rows);
    }

    /** The keys in portions for one statement each. */
    public static List<List<Row>> portions(Table table, List<Row> keys) {
        int size = Math.max(1, PARAMETERS_PER_QUERY / table.keyColumns().size());
        List<List<Row>> portions = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += size) {
            portions.add(keys.subList(from, Math.min(keys.size(), from + size)));
        }
        return portions;
    }

    /**
     * Binds the parameters of {@link Dialect#keyPredicate}.
     *
     * @param first 1-based place of the first one
     */
    public static void bindKeys(PreparedStatement statement, int first, Table table, List<Row> keys, Dialect dialect)
            throws SQLException {
        List<Column> keyColumns = table.key();
        int position = first;
        for (Row key : keys) {
            for (int i = 0; i < keyColumns.size(); i++) {
                dialect.bind(
                        statement, position++, keyColumns.get(i), key.values().get(i));
            }
        }
    }
}
