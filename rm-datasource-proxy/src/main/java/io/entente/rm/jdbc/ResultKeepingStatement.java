package io.entente.rm.jdbc;

import io.entente.rm.call.Outcome;
import io.entente.rm.forwarding.ForwardingStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Answers for results that the driver's own statement does not have, see {@link Outcome}. */
abstract class ResultKeepingStatement<S extends Statement> extends ForwardingStatement<S> {

    final EntenteConnection connection;
    final Outcome outcome = new Outcome();
    private boolean closesOnCompletion;

    ResultKeepingStatement(EntenteConnection connection, S real) {
        super(real);
        this.connection = connection;
    }

    @Override
    protected final ResultSet wrap(ResultSet results) {
        return new EntenteResultSet(connection, this, results);
    }

    @Override
    public Connection getConnection() {
        return connection;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        connection.unwrapped();
        return super.unwrap(type);
    }

    /** By another thread: of what waits at the coordinator, or of the statement that is executed in this one's place. */
    @Override
    public void cancel() throws SQLException {
        if (connection.waits().cancel(real)) {
            return;
        }
        Statement running = outcome.running();
        if (running == null) {
            super.cancel();
        } else {
            running.cancel();
        }
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        ResultSet keys = outcome.generatedKeys();
        return keys == null ? super.getGeneratedKeys() : wrap(keys);
    }

    @Override
    public int getUpdateCount() throws SQLException {
        return outcome.isElsewhere() ? (int) outcome.updateCount() : super.getUpdateCount();
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        return outcome.isElsewhere() ? outcome.updateCount() : super.getLargeUpdateCount();
    }

    @Override
    public @Nullable ResultSet getResultSet() throws SQLException {
        if (!outcome.isElsewhere()) {
            return super.getResultSet();
        }
        ResultSet rows = outcome.rows();
        return rows == null ? null : wrap(rows);
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        return outcome.isElsewhere() ? outcome.next(false) : super.getMoreResults();
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        return outcome.isElsewhere()
                ? outcome.next(current == Statement.KEEP_CURRENT_RESULT)
                : super.getMoreResults(current);
    }

    @Override
    public void closeOnCompletion() throws SQLException {
        super.closeOnCompletion();
        closesOnCompletion = true;
    }

    /** The driver's statement does not know of rows that come from statements of ours. */
    final void rowsClosed() throws SQLException {
        if (closesOnCompletion && outcome.isAtItsEnd()) {
            close();
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            outcome.clear();
        } finally {
            super.close();
        }
    }
}
