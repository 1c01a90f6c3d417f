package io.entente.tc.log.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** What the databases write differently. */
enum LogSql {
    POSTGRESQL("postgresql", "FOR SHARE", "clock_timestamp()", "clock_timestamp() + ? * INTERVAL '1 millisecond'") {
        @Override
        String insertIfAbsent(String insert) {
            return insert + " ON CONFLICT DO NOTHING";
        }

        @Override
        String durability() {
            return "SELECT CASE WHEN current_setting('fsync') = 'off' THEN 'fsync = off' END";
        }

        @Override
        void prepare(Connection connection) throws SQLException {
            // Whatever the server's or the user's default is: an acknowledged decision is on the disk.
            execute(connection, "SET synchronous_commit = on");
        }
    },
    MYSQL("mysql", "LOCK IN SHARE MODE", "UTC_TIMESTAMP(6)", "TIMESTAMPADD(MICROSECOND, ? * 1000, UTC_TIMESTAMP(6))") {
        @Override
        String insertIfAbsent(String insert) {
            return insert.replace("INSERT INTO", "INSERT IGNORE INTO");
        }

        @Override
        String durability() {
            return "SELECT CASE WHEN @@innodb_flush_log_at_trx_commit <> 1 THEN CONCAT('innodb_flush_log_at_trx_commit = ',"
                    + " @@innodb_flush_log_at_trx_commit) END";
        }
    };

    private final String folder;
    private final String sharedLock;
    private final String now;
    private final String later;

    LogSql(String folder, String sharedLock, String now, String later) {
        this.folder = folder;
        this.sharedLock = sharedLock;
        this.now = now;
        this.later = later;
    }

    /** @throws SQLException the database is another */
    static LogSql of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> POSTGRESQL;
            case "mysql", "mariadb" -> MYSQL;
            default ->
                throw new SQLException("The log cannot be kept in " + product
                        + ": it needs PostgreSQL, MySQL or MariaDB. Correct entente.tc.jdbc.url.");
        };
    }

    /** The folder below {@code sql/} that has the tables. */
    String folder() {
        return folder;
    }

    /** The clause with which a query keeps others from changing its rows until the transaction ends. */
    String sharedLock() {
        return sharedLock;
    }

    /** The database's time. */
    String now() {
        return now;
    }

    /** The database's time after as many milliseconds as its parameter says. */
    String later() {
        return later;
    }

    abstract String insertIfAbsent(String insert);

    /** A query for the setting by which a commit may be lost that was acknowledged; null when there is none. */
    abstract String durability();

    void prepare(Connection connection) throws SQLException {}

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
