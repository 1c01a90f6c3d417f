package io.entente.tm.fence;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Local transactions over plain JDBC: each on a connection of its own. Thread-safe as its data source is. */
public final class DataSourceTransactions implements LocalTransactions {

    private final DataSource dataSource;

    public DataSourceTransactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(FencedWork<T> work) throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            T result;
            try {
                result = work.run(connection);
                connection.commit();
            } catch (Exception | Error e) {
                rollBack(connection, autoCommit, e);
                throw e;
            }
            connection.setAutoCommit(autoCommit);
            return result;
        }
    }

    /** A connection that cannot roll back must not go back to its pool with the transaction open. */
    private static void rollBack(Connection connection, boolean autoCommit, Throwable reason) throws SQLException {
        try {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            reason.addSuppressed(e);
            connection.abort(Runnable::run);
        }
    }
}
