package io.entente.rm.jdbc;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Generated keys read from the driver, which gives them only once.
 *
 * @param columns what the driver tells about each column
 * @param rows one per inserted row, values as the driver's getObject gives them
 */
record KeptKeys(List<KeptColumn> columns, List<List<@Nullable Object>> rows) {

    /** One column of the driver's result. */
    record KeptColumn(
            String label,
            String name,
            String table,
            int type,
            String typeName,
            String className,
            int precision,
            int scale,
            int nullable,
            boolean autoIncrement,
            boolean signed) {}

    static KeptKeys read(ResultSet keys) throws SQLException {
        ResultSetMetaData metaData = keys.getMetaData();
        List<KeptColumn> columns = new ArrayList<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            columns.add(new KeptColumn(
                    metaData.getColumnLabel(i),
                    metaData.getColumnName(i),
                    metaData.getTableName(i),
                    metaData.getColumnType(i),
                    metaData.getColumnTypeName(i),
                    metaData.getColumnClassName(i),
                    metaData.getPrecision(i),
                    metaData.getScale(i),
                    metaData.isNullable(i),
                    metaData.isAutoIncrement(i),
                    metaData.isSigned(i)));
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (keys.next()) {
            List<@Nullable Object> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(keys.getObject(i));
            }
            rows.add(Collections.unmodifiableList(row));
        }
        return new KeptKeys(columns, rows);
    }

    /** 0-based place of a column by label or name without regard to case; -1 when there is none. */
    int position(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).label().equalsIgnoreCase(column)) {
                return i;
            }
        }
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(column)) {
                return i;
            }
        }
        return -1;
    }

    /** The first columns only. */
    KeptKeys first(int count) {
        return new KeptKeys(
                columns.subList(0, count),
                rows.stream().map(row -> row.subList(0, count)).toList());
    }

    KeptKeys with(KeptKeys more) {
        List<List<@Nullable Object>> all = new ArrayList<>(rows);
        all.addAll(more.rows);
        return new KeptKeys(columns, all);
    }
}
