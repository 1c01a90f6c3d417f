package io.entente.rm.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session of MySQL or MariaDB says of itself, and what its failures mean. */
final class MySqlSession {

    private static final Logger log = LoggerFactory.getLogger(MySqlSession.class);
    private static final int NULL_REFUSED = 1048;
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /** Deadlock, too many row locks, and a row that is newer than the snapshot. */
    private static final Set<Integer> ROLLED_BACK = Set.of(1213, 1206, 1020);

    private MySqlSession() {}

    /** Whether the server has rolled back the whole local transaction. */
    static boolean isRolledBackBy(Connection connection, SQLException failure) throws SQLException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (!(cause instanceof SQLException sql)) {
                continue;
            }
            if (ROLLED_BACK.contains(sql.getErrorCode())) {
                return true;
            }
            if (sql.getErrorCode() == LOCK_WAIT_TIMEOUT) {
                return number(connection, "SELECT @@innodb_rollback_on_timeout") != 0;
            }
        }
        return false;
    }

    /** A failure of the undo row's insert, in words. */
    static SQLException explained(SQLException failure) {
        // What printedUnder yields then; nothing else can be null there.
        return failure.getErrorCode() == NULL_REFUSED
                        && String.valueOf(failure.getMessage()).contains("context")
                ? new SQLNonTransientException(
                        "This session shows other values than those that are stored, so they cannot be put back:"
                                + " character_set_results is not utf8mb4, or system_versioning_asof is set. Leave both as"
                                + " they are when a connection is opened (SET NAMES changes the first)",
                        failure.getSQLState(),
                        failure.getErrorCode(),
                        failure)
                : failure;
    }

    /** Whether the catalog shows what the session's user may do, and that is not to see triggers. */
    static boolean hidesTriggers(Connection connection) throws SQLException {
        String privileges = "SELECT privilege_type FROM information_schema.user_privileges"
                + " UNION ALL SELECT privilege_type FROM information_schema.schema_privileges"
                + " UNION ALL SELECT privilege_type FROM information_schema.table_privileges";
        // None at all: the server does not look at privileges, or not in these tables.
        return number(
                        connection,
                        "SELECT COUNT(*) > 0 AND COALESCE(SUM(privilege_type = 'TRIGGER'), 0) = 0 FROM (" + privileges
                                + ") AS shown")
                != 0;
    }

    static void warnOfHiddenTriggers(Connection own) {
        try {
            if (hidesTriggers(own)) {
                log.warn(
                        "The user {} has no TRIGGER privilege, so that this database shows it no triggers: what they write"
                                + " is neither seen nor undone. Grant it, if there are triggers on tables that take part in"
                                + " global transactions",
                        own.getMetaData().getUserName());
            }
        } catch (SQLException e) {
            log.debug("Privileges cannot be read", e);
        }
    }

    static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
