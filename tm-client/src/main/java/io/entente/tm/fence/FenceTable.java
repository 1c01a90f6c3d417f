package io.entente.tm.fence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The statements of the fence. All run in the transaction of the connection they are given. Thread-safe. */
final class FenceTable {

    private static final Pattern NAME =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_$]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_$]{0,62}");
    private static final Set<String> COLUMNS =
            Set.of("xid", "branch_id", "action_name", "status", "gmt_create", "gmt_modified");
    private static final String RESULT = "result";
    private static final String INTEGRITY_VIOLATION = "23";

    private final String name;
    private volatile @Nullable FenceDialect dialect;

    record Row(FenceStatus status, @Nullable String result) {}

    FenceTable(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The fence table '" + name + "' cannot be used: use letters, digits and"
                    + " underscores, with a schema and a dot before it if need be, as in tcc_fence_log or"
                    + " app.tcc_fence_log.");
        }
        this.name = name;
    }

    /** Writes a row unless there is one; waits for whoever is about to. False when there is one. */
    boolean insert(Connection connection, FencedBranch branch, FenceStatus status, Instant now) throws SQLException {
        return insert(connection, branch, status, now, dialect(connection).insertSuffix());
    }

    /** Makes sure that there is a row, waiting for whoever is about to write one. It is then to be locked and read. */
    void ensure(Connection connection, FencedBranch branch, FenceStatus status, Instant now) throws SQLException {
        boolean unused =
                insert(connection, branch, status, now, dialect(connection).ensureSuffix());
    }

    private boolean insert(Connection connection, FencedBranch branch, FenceStatus status, Instant now, String suffix)
            throws SQLException {
        String sql = "INSERT INTO " + name + " (xid, branch_id, action_name, status, gmt_create, gmt_modified)"
                + " VALUES (?, ?, ?, ?, ?, ?)" + suffix;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, branch.xid());
            statement.setLong(2, branch.branchId());
            statement.setString(3, branch.action());
            statement.setInt(4, status.code());
            statement.setObject(5, time(now));
            statement.setObject(6, time(now));
            return statement.executeUpdate() > 0;
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith(INTEGRITY_VIOLATION)) {
                return false;
            }
            throw e;
        }
    }

    /** Reads the row and keeps it from others until the transaction ends; null when there is none. */
    @Nullable
    Row lock(Connection connection, FencedBranch branch, boolean withResult) throws SQLException {
        String sql = dialect(connection)
                .lockingQuery("status" + (withResult ? ", " + RESULT : ""), name, "xid = ? AND branch_id = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, branch.xid());
            statement.setLong(2, branch.branchId());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? new Row(FenceStatus.of(rows.getInt(1)), withResult ? rows.getString(2) : null)
                        : null;
            }
        }
    }

    void setStatus(Connection connection, FencedBranch branch, FenceStatus status, Instant now) throws SQLException {
        String sql = "UPDATE " + name + " SET status = ?, gmt_modified = ? WHERE xid = ? AND branch_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, status.code());
            statement.setObject(2, time(now));
            statement.setString(3, branch.xid());
            statement.setLong(4, branch.branchId());
            requireOne(statement.executeUpdate(), branch);
        }
    }

    void setResult(Connection connection, FencedBranch branch, String result) throws SQLException {
        String sql = "UPDATE " + name + " SET " + RESULT + " = ? WHERE xid = ? AND branch_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, result);
            statement.setString(2, branch.xid());
            statement.setLong(3, branch.branchId());
            requireOne(statement.executeUpdate(), branch);
        }
    }

    /** The row was written or locked in this transaction: only the work in between can have taken it away. */
    private void requireOne(int rows, FencedBranch branch) {
        if (rows != 1) {
            throw new IllegalStateException("The row of " + branch + " in " + name + " vanished while the work ran."
                    + " The work must not commit, roll back or close the connection, nor touch that table.");
        }
    }

    /** Deletes at most {@code most} finished rows that were last changed before {@code time}. */
    int deleteFinished(Connection connection, Instant time, int most) throws SQLException {
        String finished = " status IN (" + FenceStatus.COMMITTED.code() + ", " + FenceStatus.ROLLED_BACK.code() + ", "
                + FenceStatus.SUSPENDED.code() + ")";
        List<FencedBranch> old = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT xid, branch_id, action_name FROM " + name + " WHERE gmt_modified < ? AND" + finished)) {
            select.setMaxRows(most);
            select.setObject(1, time(time));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    old.add(new FencedBranch(rows.getString(1), rows.getLong(2), rows.getString(3)));
                }
            }
        }
        if (old.isEmpty()) {
            return 0;
        }
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM " + name + " WHERE xid = ? AND branch_id = ? AND" + finished)) {
            for (FencedBranch branch : old) {
                delete.setString(1, branch.xid());
                delete.setLong(2, branch.branchId());
                delete.addBatch();
            }
            delete.executeBatch();
        }
        return old.size();
    }

    /** The first XIDs behind {@code after} that have rows which were only tried, before {@code time}. */
    List<String> xidsOfTried(Connection connection, Instant time, String after, int most) throws SQLException {
        String sql = "SELECT DISTINCT xid FROM " + name + " WHERE status = " + FenceStatus.TRIED.code()
                + " AND gmt_modified < ? AND xid > ? ORDER BY xid";
        List<String> xids = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setMaxRows(most);
            select.setObject(1, time(time));
            // The empty text is NULL on Oracle, and nothing is greater; no XID begins with a blank.
            select.setString(2, after.isEmpty() ? " " : after);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    xids.add(rows.getString(1));
                }
            }
        }
        return xids;
    }

    int deleteTried(Connection connection, String xid, Instant time) throws SQLException {
        String sql = "DELETE FROM " + name + " WHERE xid = ? AND status = " + FenceStatus.TRIED.code()
                + " AND gmt_modified < ?";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, xid);
            delete.setObject(2, time(time));
            return delete.executeUpdate();
        }
    }

    /** Whether results of steps can be kept. */
    boolean hasResult(Connection connection) throws SQLException {
        return columns(connection).contains(RESULT);
    }

    /** @throws FenceTableException the table is missing or lacks a column that every branch needs */
    void verify(Connection connection) throws SQLException {
        Set<String> missing = new TreeSet<>(COLUMNS);
        missing.removeAll(columns(connection));
        if (!missing.isEmpty()) {
            throw new FenceTableException(
                    "The fence table " + name + " lacks the column(s) " + missing + "." + remedy(dialect(connection)));
        }
    }

    /** @throws FenceTableException results cannot be kept */
    void requireResult(Connection connection) throws SQLException {
        if (!hasResult(connection)) {
            FenceDialect dialect = dialect(connection);
            throw new FenceTableException(
                    "The fence table " + name + " has no column " + RESULT + ", which the steps of"
                            + " sagas need; the table of Seata is without. Remedy: ALTER TABLE " + name + " "
                            + dialect.addsResult() + " " + RESULT + " " + dialect.resultType() + ";");
        }
    }

    private Set<String> columns(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + name + " WHERE 1 = 0")) {
            ResultSetMetaData metaData = none.getMetaData();
            Set<String> columns = new TreeSet<>();
            for (int i = 1; i <= metaData.getColumnCount(); i++) {
                columns.add(metaData.getColumnName(i).toLowerCase(Locale.ROOT));
            }
            return columns;
        } catch (SQLException e) {
            if (dialect(connection).missesAName(e)) {
                throw new FenceTableException(
                        "The fence table " + name + " is missing in this database, or may not be read: "
                                + e.getMessage() + "." + remedy(dialect(connection)),
                        e);
            }
            throw e;
        }
    }

    private String remedy(FenceDialect dialect) {
        String folder = dialect.sqlFolder();
        if (folder == null) {
            return " There is no script for this database: adapt one of sql/*/tcc_fence_log.sql.";
        }
        String renamed = name.equals(Fence.TABLE) ? "" : " with " + name + " for " + Fence.TABLE;
        return " Remedy: run sql/" + folder + "/tcc_fence_log.sql" + renamed
                + " (also on the class path as io/entente/sql/" + folder + "/tcc_fence_log.sql).";
    }

    /** Creates the table with the DDL of {@code sql/<database>/tcc_fence_log.sql}, unless it exists. */
    void create(Connection connection) throws SQLException {
        String folder = dialect(connection).sqlFolder();
        if (folder == null) {
            throw new FenceTableException("The fence table " + name + " cannot be created in "
                    + connection.getMetaData().getDatabaseProductName() + "." + remedy(FenceDialect.OTHER));
        }
        if (dialect(connection) == FenceDialect.ORACLE && exists(connection)) {
            // It has no CREATE … IF NOT EXISTS before version 23.
            return;
        }
        String plain = name.substring(name.indexOf('.') + 1);
        String ddl = script("/io/entente/sql/" + folder + "/tcc_fence_log.sql")
                .replaceAll("(?m)^--.*$", "")
                .replace("idx_" + Fence.TABLE, "idx_" + plain)
                .replaceAll("\\b" + Fence.TABLE + "\\b", name.replace("$", "\\$"));
        try (Statement statement = connection.createStatement()) {
            for (String command : ddl.split(";", -1)) {
                if (!command.isBlank()) {
                    statement.execute(command);
                }
            }
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try {
            return !columns(connection).isEmpty();
        } catch (FenceTableException missing) {
            return false;
        }
    }

    private static String script(String path) {
        try (InputStream resource = FenceTable.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException("The DDL " + path + " is not on the class path.");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FenceDialect dialect(Connection connection) throws SQLException {
        FenceDialect known = dialect;
        if (known == null) {
            known = FenceDialect.of(connection);
            dialect = known;
        }
        return known;
    }

    /** Without zone, as the columns are; UTC, so that it never runs backwards. */
    private static LocalDateTime time(Instant instant) {
        return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MILLIS), ZoneOffset.UTC);
    }

    @Override
    public String toString() {
        return name;
    }
}
