package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.sql.RecognizedSql.Source;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that an INSERT gives, and which value of them each column gets.
 *
 * @param places for each column of the table the place of its value in a row, −1 when the statement does not give it
 */
record GivenRows(Table table, Source source, List<Integer> places) {

    /** @param columns as the statement names them; null when it names none */
    static GivenRows of(Table table, @Nullable List<String> columns, Source source) {
        List<Column> named = columns == null
                ? table.columns().stream().filter(column -> !column.invisible()).toList()
                : columns.stream().map(table::column).toList();
        List<Integer> places = new ArrayList<>();
        for (Column column : table.columns()) {
            places.add(named.indexOf(column));
        }
        return new GivenRows(table, source, places);
    }

    /** How many rows one execution has; −1 when a query tells. */
    int count() {
        if (source instanceof Source.Values values) {
            return values.rows().size();
        }
        return source instanceof Source.AllDefaults ? 1 : -1;
    }

    /** The place of the column's value among the statement's columns, −1 when it is not among them. */
    int place(Column column) {
        return places.get(table.columns().indexOf(column));
    }

    /** What a row gives to a column. */
    GivenValue value(int row, Column column, @Nullable Bindings bindings, boolean zeroGenerates) throws SQLException {
        int place = place(column);
        SqlValue value = null;
        if (source instanceof Source.Values values && place >= 0) {
            List<SqlValue> given = values.rows().get(row);
            value = place < given.size() ? given.get(place) : null;
        }
        return GivenValue.of(column, value, bindings, zeroGenerates);
    }
}
