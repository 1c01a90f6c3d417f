package io.entente.benchmarks;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Capturing written by hand for this one statement, with nothing to find out, to encode, to compare or to ask of a
 * coordinator. A yardstick and no bound: it could be tuned further for each driver.
 */
final class ByHand implements UpdateOfOneRow {

    private static final AtomicLong BRANCHES = new AtomicLong();
    private static final String INSERT =
            "INSERT INTO undo_log (branch_id, xid, rollback_info, log_created, log_modified, context, log_status) VALUES (";
    private static final String END = "LOCALTIMESTAMP, LOCALTIMESTAMP, 'serializer=by-hand', 0)";
    private static final int BYTES = 160;
    private static final String HEX = "7b".repeat(BYTES);

    private final Connection connection;
    private final TestDatabase.Kind kind;
    private final boolean autoCommit;

    ByHand(Connection connection, TestDatabase.Kind kind) throws SQLException {
        this.connection = connection;
        this.kind = kind;
        this.autoCommit = connection.getAutoCommit();
    }

    @Override
    public void run(long id) throws SQLException {
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        long branch = BRANCHES.incrementAndGet();
        switch (kind) {
            case H2 -> {
                returning("SELECT id, n FROM OLD TABLE (UPDATE stock SET n = n - ? WHERE id = ?)", id);
                insertAndCommit(branch);
            }
            case POSTGRESQL -> {
                returning("UPDATE stock SET n = n - ? WHERE id = ? RETURNING id, old.n, new.n", id);
                atOnce("", "'\\x" + HEX + "'", branch, "COMMIT");
            }
            case MARIADB -> {
                locked(id);
                new UpdateAsWritten(connection, true).run(id);
                atOnce("BEGIN NOT ATOMIC ", "x'" + HEX + "'", branch, "COMMIT; END");
            }
        }
        if (autoCommit) {
            connection.setAutoCommit(true);
        }
    }

    private void returning(String sql, long id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, 1);
            update.setLong(2, id);
            read(update);
        }
    }

    private void locked(long id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT id, n FROM stock WHERE id = ? FOR UPDATE")) {
            query.setLong(1, id);
            read(query);
        }
    }

    private static void read(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            if (!row.next() || row.getLong(1) < 0 || row.getLong(2) == 0) {
                throw new IllegalStateException("The row is not as expected");
            }
        }
    }

    private void insertAndCommit(long branch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT + "?, ?, ?, " + END)) {
            insert.setLong(1, branch);
            insert.setString(2, "127.0.0.1:8091:1");
            insert.setBytes(3, new byte[BYTES]);
            insert.executeUpdate();
        }
        connection.commit();
    }

    /** The insert and the commit in one round trip. */
    private void atOnce(String begin, String bytes, long branch, String commit) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(begin + INSERT + branch + ", '127.0.0.1:8091:1', " + bytes + ", " + END + "; " + commit);
        }
    }
}
