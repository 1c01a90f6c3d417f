package io.entente.benchmarks.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Orders: one row is inserted in the first database, one number of one row taken from in the second and in the third, each in
 * a local transaction as Spring opens it.
 */
public final class OrderWorkload {
    /** Items and accounts that there are, numbered from 1. */
    public static final int ROWS = 10_000;

    private static final int MOST_OF_AN_ITEM = 3;
    private static final int PRICE = 5;

    private final DataSource orders;
    private final DataSource inventory;
    private final DataSource accounts;
    private final boolean localTransactions;
    private final Scope scope;

    /** What makes one transaction of what is done in three databases. */
    @FunctionalInterface
    public interface Scope {
        /** Commits when the work returns; rolls back when it throws, and throws the same. */
        void run(Clients.Work work) throws Exception;
    }

    /** Work in one local transaction. */
    @FunctionalInterface
    private interface Statements {
        void run(Connection connection) throws SQLException;
    }

    /**
     * @param databases orders, inventory and accounts
     * @param localTransactions false when the scope opens and ends them, as XA does
     */
    public OrderWorkload(List<DataSource> databases, boolean localTransactions, Scope scope) {
        this.orders = databases.get(0);
        this.inventory = databases.get(1);
        this.accounts = databases.get(2);
        this.localTransactions = localTransactions;
        this.scope = scope;
    }

    /** Clients that place orders for some time. */
    public Round round(OrderCase orderCase, int clients, long millis) throws Exception {
        return Clients.round(clients, millis, () -> placeOne(orderCase));
    }

    private void placeOne(OrderCase orderCase) throws Exception {
        try {
            scope.run(() -> place(orderCase));
        } catch (CancelledOrderException e) {
            if (orderCase.cancelled()) {
                return;
            }
            throw e;
        }
        if (orderCase.cancelled()) {
            throw new IllegalStateException("An order was placed although it was cancelled");
        }
    }

    private void place(OrderCase orderCase) throws SQLException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long item = 1 + random.nextInt(orderCase.items());
        long account = 1 + random.nextInt(ROWS);
        int count = 1 + random.nextInt(MOST_OF_AN_ITEM);
        int amount = count * PRICE;
        inTransaction(orders, connection -> insert(connection, account, item, count, amount));
        inTransaction(
                inventory,
                connection -> take(connection, "UPDATE stock SET n = n - ? WHERE id = ? AND n >= ?", item, count));
        inTransaction(
                accounts,
                connection -> take(
                        connection,
                        "UPDATE account SET balance = balance - ? WHERE id = ? AND balance >= ?",
                        account,
                        amount));
        if (orderCase.cancelled()) {
            throw new CancelledOrderException();
        }
    }

    private static void insert(Connection connection, long account, long item, int count, int amount)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO orders (account, item, n, amount) VALUES (?, ?, ?, ?)", new String[] {"id"})) {
            insert.setLong(1, account);
            insert.setLong(2, item);
            insert.setInt(3, count);
            insert.setInt(4, amount);
            insert.executeUpdate();
            try (ResultSet key = insert.getGeneratedKeys()) {
                if (!key.next()) {
                    throw new IllegalStateException("The order has no number");
                }
            }
        }
    }

    private static void take(Connection connection, String sql, long row, int count) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, count);
            update.setLong(2, row);
            update.setInt(3, count);
            int changed = update.executeUpdate();
            if (changed != 1) {
                throw new IllegalStateException(sql + " for row " + row + " has changed " + changed + " rows");
            }
        }
    }

    private void inTransaction(DataSource database, Statements statements) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (!localTransactions) {
                statements.run(connection);
                return;
            }
            connection.setAutoCommit(false);
            try {
                statements.run(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }
}
