package io.entente.tc.log.jdbc;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the log's database, which does not wait for ever. Used by one thread at a time. */
final class LogConnection implements Closeable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogConnection.class);

    private final Connection connection;
    private final LogSql sql;

    private LogConnection(Connection connection, LogSql sql) {
        this.connection = connection;
        this.sql = sql;
    }

    static LogConnection open(JdbcLogSettings settings) throws SQLException {
        Connection connection = settings.connector().connect();
        try {
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(settings.lease().toMillis()));
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            LogSql sql = LogSql.of(connection);
            sql.prepare(connection);
            return new LogConnection(connection, sql);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    LogSql sql() {
        return sql;
    }

    interface Reader {
        void row(ResultSet row) throws SQLException;
    }

    /** How many rows were changed. */
    int update(String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    /** Visits the rows of a query. */
    void query(Reader reader, String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind(statement, parameters);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.row(rows);
                }
            }
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else {
                statement.setObject(i + 1, parameters[i]);
            }
        }
    }

    interface Work<E extends Exception> {
        void run() throws SQLException, E;
    }

    /** All of it or nothing. */
    <E extends Exception> void inTransaction(Work<E> work) throws SQLException, E {
        connection.setAutoCommit(false);
        try {
            work.run();
            connection.commit();
        } catch (Throwable e) {
            try {
                connection.rollback();
                connection.setAutoCommit(true);
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        connection.setAutoCommit(true);
    }

    Connection jdbc() {
        return connection;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOGGER.debug("A connection could not be closed", e);
        }
    }
}
