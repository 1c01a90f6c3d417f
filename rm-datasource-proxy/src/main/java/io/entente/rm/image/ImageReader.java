package io.entente.rm.image;

import io.entente.rm.dialect.ColumnAccess;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads row images from query results, each column with the getter its native type needs. */
public final class ImageReader {

    /** Keeps statements small and far from every driver's limit of parameters. */
    private static final int PARAMETERS_PER_QUERY = 500;

    private ImageReader() {}

    /**
     * Reads all rows of a query whose select list is {@link Dialect#selectList} of the same table and columns.
     *
     * @throws StaleTableException the database sends other columns than the table's metadata has
     */
    public static RowImage read(Table table, List<Column> columns, ResultSet result, Dialect dialect)
            throws SQLException {
        List<ColumnAccess> accesses = new ArrayList<>();
        for (Column column : columns) {
            accesses.add(dialect.access(column));
        }
        int[] positions = positions(table, columns, accesses, result.getMetaData());
        List<Row> rows = new ArrayList<>();
        while (result.next()) {
            List<@Nullable Object> values = new ArrayList<>(columns.size());
            for (int i = 0; i < positions.length; i++) {
                values.add(accesses.get(i).kind().read(result, positions[i]));
            }
            rows.add(new Row(values));
        }
        return new RowImage(table, columns, rows);
    }

    /**
     * Reads rows by key. Rows that do not exist are missing in the answer, whose order is the database's.
     *
     * @param keys each in key order, see {@link RowImage#keys}
     * @param forUpdate whether to lock the rows until the transaction ends
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
        List<Column> keyColumns = table.key();
        int chunk = Math.max(1, PARAMETERS_PER_QUERY / keyColumns.size());
        for (int from = 0; from < keys.size(); from += chunk) {
            List<Row> part = keys.subList(from, Math.min(keys.size(), from + chunk));
            String sql = "SELECT " + dialect.selectList(table, columns) + " FROM "
                    + dialect.qualifiedName(table.name()) + " WHERE " + dialect.keyPredicate(table, part.size())
                    + (forUpdate ? " FOR UPDATE" : "");
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                int position = 1;
                for (Row key : part) {
                    for (int i = 0; i < keyColumns.size(); i++) {
                        dialect.bind(
                                query,
                                position++,
                                keyColumns.get(i),
                                key.values().get(i));
                    }
                }
                try (ResultSet result = query.executeQuery()) {
                    rows.addAll(read(table, columns, result, dialect).rows());
                }
            }
        }
        return new RowImage(table, columns, rows);
    }

    /** The 1-based place of each column in the result, see {@link Dialect#selectList} for its layout. */
    private static int[] positions(
            Table table, List<Column> columns, List<ColumnAccess> accesses, ResultSetMetaData sent)
            throws SQLException {
        boolean whole = columns.equals(table.columns());
        List<String> starred = new ArrayList<>();
        if (whole) {
            columns.stream()
                    .filter(column -> !column.invisible())
                    .map(Column::name)
                    .forEach(starred::add);
        }
        int[] positions = new int[columns.size()];
        int inStar = 1;
        int afterStar = starred.size() + 1;
        for (int i = 0; i < positions.length; i++) {
            boolean visible = !columns.get(i).invisible();
            boolean listed = !whole || !visible || !accesses.get(i).plain();
            positions[i] = listed ? afterStar++ : inStar;
            inStar += whole && visible ? 1 : 0;
        }
        List<String> found = new ArrayList<>();
        for (int i = 1; i <= sent.getColumnCount(); i++) {
            found.add(sent.getColumnName(i));
        }
        if (found.size() != afterStar - 1 || !found.subList(0, starred.size()).equals(starred)) {
            throw new StaleTableException(table, starred, found);
        }
        for (int i = 0; i < positions.length; i++) {
            ColumnAccess access = accesses.get(i);
            if (access.plain() && !access.kind().reads(sent.getColumnType(positions[i]))) {
                throw new StaleTableException(table, columns.get(i), sent.getColumnTypeName(positions[i]));
            }
        }
        return positions;
    }
}
