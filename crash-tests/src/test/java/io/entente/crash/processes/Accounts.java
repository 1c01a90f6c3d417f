package io.entente.crash.processes;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.tm.EntenteClient;
import io.entente.tm.fence.DataSourceTransactions;
import io.entente.tm.fence.Fence;
import io.entente.tm.tcc.TccAction;
import io.entente.tm.tcc.TccActions;
import io.entente.tm.tcc.TccBranch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The accounts of one service. Each change comes with a booking, which is there exactly when the change is: what the
 * balances have to be can be reckoned from them.
 */
final class Accounts {
    /** Short, so that what nobody came back for is gone at the end of a run. */
    private static final Duration RETENTION = Duration.ofSeconds(10);

    private final EntenteClient client;
    private final DataSource captured;
    private final TccActions actions;
    private final TccAction<Held> hold;
    private final Fence fence;

    /** The argument of the TCC action. */
    record Held(String booking, String account, int amount) {}

    /** @param swallowsCancels the bug that a control run has to find: a cancel that does nothing is called done */
    Accounts(String service, EntenteClient client, HikariDataSource pool, boolean swallowsCancels) throws SQLException {
        this.client = client;
        AtResources resources = AtResources.of(client, new AtResourcesSettings(8, Duration.ofDays(1), RETENTION));
        EntenteDataSource wrapped = (EntenteDataSource) EntenteDataSource.wrap(pool, resources, AtSettings.defaults());
        wrapped.start(false);
        captured = wrapped;
        fence = new Fence(new DataSourceTransactions(pool));
        actions = TccActions.of(client, 8);
        hold = TccAction.named("hold at " + service, Held.class)
                .confirm(held -> {
                    Connection connection = TccBranch.current().connection();
                    change(
                            connection,
                            "UPDATE account SET balance = balance + ?, frozen = frozen - ? WHERE id = ?",
                            held.amount(),
                            held.amount(),
                            held.account());
                    return book(connection, held.booking(), held.amount());
                })
                .cancel(held -> swallowsCancels || freeze(held, -held.amount()))
                .fencedBy(fence);
        actions.serve(hold);
    }

    void move(String booking, Payment.Leg leg) throws Exception {
        switch (leg.mode()) {
            case AT_ADDING ->
                inOneLocalTransaction(connection -> {
                    change(
                            connection,
                            "UPDATE account SET balance = balance + ? WHERE id = ?",
                            leg.amount(),
                            leg.account());
                    book(connection, booking, leg.amount());
                });
            case AT_WRITING ->
                inOneLocalTransaction(connection -> {
                    int balance = balanceForUpdate(connection, leg.account());
                    change(
                            connection,
                            "UPDATE account SET balance = ? WHERE id = ?",
                            balance + leg.amount(),
                            leg.account());
                    book(connection, booking, leg.amount());
                });
            case TCC ->
                actions.run(hold, new Held(booking, leg.account(), leg.amount()), held -> freeze(held, held.amount()));
        }
    }

    /** Rows of the fence go whose transactions are over. */
    void sweep() throws Exception {
        var unused = fence.sweepTried(RETENTION, client.branches()::isOver);
    }

    private interface LocalWork {
        void run(Connection connection) throws SQLException;
    }

    private void inOneLocalTransaction(LocalWork work) throws SQLException {
        try (Connection connection = captured.getConnection()) {
            connection.setAutoCommit(false);
            try {
                work.run(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static int balanceForUpdate(Connection connection, String account) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT balance FROM account WHERE id = ? FOR UPDATE")) {
            select.setString(1, account);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static boolean freeze(Held held, int amount) throws SQLException {
        return change(
                TccBranch.current().connection(),
                "UPDATE account SET frozen = frozen + ? WHERE id = ?",
                amount,
                held.account());
    }

    private static boolean book(Connection connection, String booking, int amount) throws SQLException {
        return change(
                connection, "INSERT INTO booking (booking_key, amount, cancelled) VALUES (?, ?, 0)", booking, amount);
    }

    private static boolean change(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            if (statement.executeUpdate() != 1) {
                throw new SQLException("nothing was changed by " + sql);
            }
            return true;
        }
    }
}
