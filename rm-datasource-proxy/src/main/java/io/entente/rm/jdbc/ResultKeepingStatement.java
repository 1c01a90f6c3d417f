package io.entente.rm.jdbc;

import io.entente.rm.forwarding.ForwardingStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Answers for results that the driver's own statement does not have, see {@link KeptOutcome}. */
abstract class ResultKeepingStatement<S extends Statement> extends ForwardingStatement<S> {

    final EntenteConnection connection;
    final KeptOutcome kept = new KeptOutcome();

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
    public ResultSet getGeneratedKeys() throws SQLException {
        ResultSet keys = kept.generatedKeys(this);
        return keys == null ? super.getGeneratedKeys() : keys;
    }

    @Override
    public int getUpdateCount() throws SQLException {
        return kept.hasRunElsewhere() ? (int) kept.updateCount() : super.getUpdateCount();
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        return kept.hasRunElsewhere() ? kept.updateCount() : super.getLargeUpdateCount();
    }

    @Override
    public @Nullable ResultSet getResultSet() throws SQLException {
        return kept.hasRunElsewhere() ? null : super.getResultSet();
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        if (kept.hasRunElsewhere()) {
            kept.next();
            return false;
        }
        return super.getMoreResults();
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        if (kept.hasRunElsewhere()) {
            kept.next();
            return false;
        }
        return super.getMoreResults(current);
    }
}
