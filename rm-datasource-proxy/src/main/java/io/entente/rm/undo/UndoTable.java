package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.undo.seata.SeataRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code undo_log}: its name, its columns and its DDL. */
final class UndoTable {

    /** What is another in every row, then what is the same in many. */
    static final String COLUMNS = "branch_id, xid, rollback_info, log_created, log_modified, context, log_status";

    /** The status of a row that can be undone. */
    static final int NORMAL = 0;

    /** The status of a defence row. */
    static final int ROLLED_BACK = 1;

    private final Dialect dialect;
    private volatile @Nullable String name;

    UndoTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * The table with its schema, as first found: a connection that the application has switched to another schema must
     * not write where phase two does not look.
     */
    String name(Connection connection) throws SQLException {
        String known = name;
        if (known == null) {
            try {
                known = dialect.qualifiedName(dialect.resolve(connection, null, "undo_log"));
            } catch (TableNotUsableException missing) {
                throw new UndoTableMissingException(dialect.sqlFolder(), missing);
            }
            name = known;
        }
        return known;
    }

    /** Later branches of the same transaction that are not undone, the last first. */
    List<BranchKey> laterThan(Connection own, BranchKey branch) throws SQLException {
        List<BranchKey> found = new ArrayList<>();
        try (PreparedStatement query = own.prepareStatement(
                "SELECT branch_id FROM " + name(own) + " WHERE xid = ? AND branch_id > ? AND log_status = ?"
                        + " AND context NOT LIKE " + SeataRows.OF_PARTS + " ORDER BY branch_id DESC")) {
            query.setString(1, branch.xid());
            query.setLong(2, branch.branchId());
            query.setInt(3, NORMAL);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new BranchKey(branch.xid(), row.getLong(1)));
                }
            }
        }
        return found;
    }

    /** How many rows can be undone, and how old the oldest is. */
    UndoLogSize size(Connection own, Instant now) throws SQLException {
        try (PreparedStatement query =
                own.prepareStatement("SELECT COUNT(*), MIN(log_created) FROM " + name(own) + " WHERE log_status = ?")) {
            query.setInt(1, NORMAL);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                LocalDateTime oldest = row.getObject(2, LocalDateTime.class);
                Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, utc(now));
                return new UndoLogSize(row.getLong(1), age.isNegative() ? Duration.ZERO : age);
            }
        }
    }

    /** A time as it stands in the table. */
    static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    /**
     * Checks that the table is there with the columns needed, in our shape or Seata's.
     *
     * @throws UndoTableMissingException it is not; the message holds the path of its DDL
     * @throws SQLException the database could not be asked
     */
    void verify(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet none = query.executeQuery("SELECT " + COLUMNS + " FROM undo_log WHERE 1 = 0")) {
            none.next();
        } catch (SQLException e) {
            if (dialect.missesAName(e)) {
                throw new UndoTableMissingException(dialect.sqlFolder(), e);
            }
            throw e;
        }
        name(connection);
    }

    /** What a statement on the table has failed with; says how to create the table when it is not there. */
    SQLException explained(SQLException e) {
        return dialect.missesAName(e) && !(e instanceof UndoTableMissingException)
                ? new UndoTableMissingException(dialect.sqlFolder(), e)
                : e;
    }

    /** Creates the table with the DDL of {@code sql/<database>/undo_log.sql}, unless it exists. */
    void create(Connection connection) throws SQLException {
        if (dialect.createsOnce() && exists(connection)) {
            return;
        }
        String path = "/io/entente/sql/" + dialect.sqlFolder() + "/undo_log.sql";
        String script;
        try (InputStream resource = UndoTable.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException("The DDL " + path + " is not on the class path");
            }
            script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String ddl = script.replaceAll("(?m)^--.*$", "");
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
            return !name(connection).isEmpty();
        } catch (UndoTableMissingException none) {
            return false;
        }
    }
}
