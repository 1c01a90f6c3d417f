package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A query that locks the rows a statement is about to change, and reads them.
 *
 * @param sql its columns are those of {@code image}, then {@code more} of other kinds
 * @param definition the table of the rows
 * @param image what is read of each
 * @param newKeys how the key of each row will read; null when keys do not change
 */
record LockedRows(
        ComposedSql sql,
        TableDefinition definition,
        ImageColumns image,
        @Nullable ImageColumns newKeys) {

    /**
     * What was read.
     *
     * @param rows each once, however often the query found it
     * @param newKeys for each row its key after the statement; empty when keys do not change
     */
    record Found(RowImage rows, List<Row> newKeys) {

        /** Both together; a row that is in both is taken from this. */
        Found and(Found other) {
            Map<Row, Row> all = new LinkedHashMap<>(rows.byKey());
            List<Row> allNewKeys = new ArrayList<>(newKeys);
            List<Row> keys = other.rows.keys();
            for (int i = 0; i < keys.size(); i++) {
                if (all.putIfAbsent(keys.get(i), other.rows.rows().get(i)) == null && !other.newKeys.isEmpty()) {
                    allNewKeys.add(other.newKeys.get(i));
                }
            }
            return new Found(rows.with(List.copyOf(all.values())), allNewKeys);
        }
    }

    Table table() {
        return definition.table();
    }

    Found none() {
        return new Found(new RowImage(table(), image.columns(), List.of()), List.of());
    }

    /** @throws io.entente.rm.image.StaleTableException the table was altered since its metadata was read */
    Found read(Call<?> call, @Nullable Bindings bindings, CaptureSession session) throws SQLException {
        try (CaptureSession.Executed executed = session.query(sql, bindings, call, ResultSet.TYPE_FORWARD_ONLY)) {
            return found(executed.statement().getResultSet());
        }
    }

    /** The rows of a result of this query. */
    Found found(ResultSet result) throws SQLException {
        ResultSetMetaData sent = result.getMetaData();
        image.verify(sent, 1);
        Map<Row, Row> rows = new LinkedHashMap<>();
        List<Row> keysAfter = new ArrayList<>();
        RowImage none = new RowImage(table(), image.columns(), List.of());
        while (result.next()) {
            Row row = image.read(result, 1);
            Row key = none.key(row);
            // An outer join has rows without this table's row.
            boolean exists = key.values().get(0) != null;
            if (exists && rows.putIfAbsent(key, row) == null && newKeys != null) {
                keysAfter.add(newKeys.read(result, image.width() + 1));
            }
        }
        return new Found(none.with(List.copyOf(rows.values())), keysAfter);
    }
}
