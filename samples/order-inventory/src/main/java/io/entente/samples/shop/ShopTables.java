package io.entente.samples.shop;

import io.entente.samples.story.Finding;
import io.entente.samples.story.Pane;
import io.entente.samples.story.RunningDatabases;
import io.entente.samples.story.ServiceDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the three databases hold.
 *
 * @param balances money by user
 * @param stock pieces by commodity
 * @param orders in the order of their ids
 * @param leftovers undo rows or prepared branches in the database of each service
 */
record ShopTables(
        SortedMap<String, Integer> balances,
        SortedMap<String, Integer> stock,
        List<OrderRow> orders,
        SortedMap<String, Integer> leftovers) {

    private static final int NEWEST_ORDERS = 4;
    private static final int ORDER_WIDTH = 46;

    record OrderRow(long id, String userId, String commodity, int count, int amount, String status) {

        private String line() {
            return String.format("%4d  %-6s %2d x %-6s for %3d  %s", id, userId, count, commodity, amount, status);
        }
    }

    static ShopTables read(RunningDatabases databases, Mode mode) {
        SortedMap<String, Integer> balances = new TreeMap<>();
        SortedMap<String, Integer> stock = new TreeMap<>();
        SortedMap<String, Integer> leftovers = new TreeMap<>();
        try (ServiceDatabase order = databases.open(ShopSample.ORDER);
                ServiceDatabase inventory = databases.open(ShopSample.INVENTORY);
                ServiceDatabase account = databases.open(ShopSample.ACCOUNT)) {
            account.query("SELECT user_id, balance FROM account", row -> balances.put(row.getString(1), row.getInt(2)));
            inventory.query("SELECT commodity, count FROM stock", row -> stock.put(row.getString(1), row.getInt(2)));
            List<OrderRow> orders = order.query(
                    "SELECT id, user_id, commodity, count, amount, status FROM orders ORDER BY id",
                    row -> new OrderRow(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getInt(4),
                            row.getInt(5),
                            row.getString(6)));
            leftovers.put("order", mode.countLeftovers(order));
            leftovers.put("inventory", mode.countLeftovers(inventory));
            leftovers.put("account", mode.countLeftovers(account));
            return new ShopTables(balances, stock, orders, leftovers);
        }
    }

    List<Pane> panes() {
        return List.of(
                Pane.amounts("account", balances),
                Pane.amounts("stock", stock),
                Pane.newest(
                        NEWEST_ORDERS,
                        "orders",
                        ORDER_WIDTH,
                        orders.stream().map(OrderRow::line).toList()));
    }

    Finding moneyIsConserved(ShopTables initial) {
        Map<String, Integer> spent = new HashMap<>();
        orders.forEach(order -> spent.merge(order.userId(), order.amount(), Integer::sum));
        return Finding.conserved(
                "balance + orders of each user = what the user had", initial.balances, balances, spent);
    }

    Finding stockIsConserved(ShopTables initial) {
        Map<String, Integer> sold = new HashMap<>();
        orders.forEach(order -> sold.merge(order.commodity(), order.count(), Integer::sum));
        return Finding.conserved("stock + orders of each commodity = what there was", initial.stock, stock, sold);
    }

    Finding noOrderIsHalfDone() {
        List<OrderRow> halfDone =
                orders.stream().filter(order -> !order.status().equals("PAID")).toList();
        return new Finding(
                "every order is paid",
                halfDone.isEmpty(),
                halfDone.isEmpty() ? orders.size() + " of " + orders.size() : halfDone.toString());
    }
}
