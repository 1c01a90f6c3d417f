package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs statements on an open local transaction and captures what they do, the four-step way. */
final class RecordedBranch {

    private final Connection connection;
    private final Dialect dialect;
    private final List<Change> changes = new ArrayList<>();

    RecordedBranch(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    List<Change> changes() {
        return changes;
    }

    Table table(String name) throws SQLException {
        return dialect.read(connection, dialect.resolve(connection, null, name));
    }

    void insert(String tableName, String sql, List<Row> keys) throws SQLException {
        Table table = table(tableName);
        TestedDatabase.execute(connection, sql);
        changes.add(Change.inserted(read(table, table.columns(), keys)));
    }

    /** Captures the key and the columns named; all columns when none is. */
    void update(String tableName, String sql, List<Row> keys, String... columnNames) throws SQLException {
        Table table = table(tableName);
        List<Column> columns = columnNames.length == 0
                ? table.columns()
                : table.columns().stream()
                        .filter(column -> table.isKey(column)
                                || Arrays.asList(columnNames).contains(column.name()))
                        .toList();
        RowImage before = read(table, columns, keys);
        TestedDatabase.execute(connection, sql);
        Map<Row, Row> after = read(table, columns, keys).byKey();
        changes.add(Change.updated(
                before, before.with(before.keys().stream().map(after::get).toList()), Set.of()));
    }

    void delete(String tableName, String sql, List<Row> keys) throws SQLException {
        Table table = table(tableName);
        RowImage before = read(table, table.columns(), keys);
        TestedDatabase.execute(connection, sql);
        changes.add(Change.deleted(before));
    }

    private RowImage read(Table table, List<Column> columns, List<Row> keys) throws SQLException {
        RowImage image = ImageReader.readByKeys(connection, table, columns, keys, true, dialect);
        if (image.rows().size() != keys.size()) {
            throw new IllegalStateException("Of the keys " + keys + " only " + image.keys() + " were found");
        }
        return image;
    }

    static List<Row> keys(Object... values) {
        return Arrays.stream(values).map(RecordedBranch::key).toList();
    }

    static Row key(@Nullable Object... values) {
        List<@Nullable Object> key = new ArrayList<>();
        for (Object value : values) {
            key.add(value instanceof Integer number ? Long.valueOf(number) : value);
        }
        return new Row(key);
    }
}
