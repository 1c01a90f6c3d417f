package io.entente.samples.story;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the three databases hold, read past the services.
 *
 * @param balances money by user
 * @param stock pieces by commodity
 * @param orders in the order of their ids
 * @param undoRows rows of each service's {@code undo_log}
 */
record Tables(
        SortedMap<String, Integer> balances,
        SortedMap<String, Integer> stock,
        List<OrderRow> orders,
        Map<ServiceName, Integer> undoRows) {

    record OrderRow(long id, String userId, String commodity, int count, int amount, String status) {}

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    static Tables read(RunningDatabases databases) {
        SortedMap<String, Integer> balances = new TreeMap<>();
        SortedMap<String, Integer> stock = new TreeMap<>();
        Map<ServiceName, Integer> undoRows = new EnumMap<>(ServiceName.class);
        try (Connection order = databases.connect(ServiceName.ORDER);
                Connection inventory = databases.connect(ServiceName.INVENTORY);
                Connection account = databases.connect(ServiceName.ACCOUNT)) {
            query(
                    account,
                    "SELECT user_id, balance FROM account",
                    row -> balances.put(row.getString(1), row.getInt(2)));
            query(inventory, "SELECT commodity, count FROM stock", row -> stock.put(row.getString(1), row.getInt(2)));
            List<OrderRow> orders = query(
                    order,
                    "SELECT id, user_id, commodity, count, amount, status FROM orders ORDER BY id",
                    row -> new OrderRow(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getInt(4),
                            row.getInt(5),
                            row.getString(6)));
            undoRows.put(ServiceName.ORDER, undoRows(order));
            undoRows.put(ServiceName.INVENTORY, undoRows(inventory));
            undoRows.put(ServiceName.ACCOUNT, undoRows(account));
            return new Tables(balances, stock, orders, undoRows);
        } catch (SQLException e) {
            throw new StoryException("The tables cannot be read: " + e.getMessage(), e);
        }
    }

    private static int undoRows(Connection connection) throws SQLException {
        return query(connection, "SELECT COUNT(*) FROM undo_log", row -> row.getInt(1))
                .get(0);
    }

    private static <T> List<T> query(Connection connection, String sql, RowReader<T> reader) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<T> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(reader.read(row));
            }
            return rows;
        }
    }

    int undoRowsOfAll() {
        return undoRows.values().stream().mapToInt(Integer::intValue).sum();
    }
}
