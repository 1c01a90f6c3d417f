package io.entente.rm.jdbc;

import io.entente.tm.TransactionContext;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared statement that is captured when it is executed inside a global transaction; whether it was prepared, or
 * its parameters were set, inside or before makes no difference.
 */
final class EntentePreparedStatement extends ForwardingBindingStatement {

    private final String sql;
    private final KeyRequest keys;
    private final List<Bindings> batch = new ArrayList<>();

    EntentePreparedStatement(EntenteConnection connection, PreparedStatement real, String sql, KeyRequest keys) {
        super(connection, real);
        this.sql = sql;
        this.keys = keys;
    }

    private <T> Call<T> call(Call.Form form, Bindings parameters, SqlAction<T> plain, Call.CountAnswer<T> ofCount) {
        return new Call<>(form, sql, parameters, keys, real, kept, plain, ofCount);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        kept.clear();
        return wrap(connection.execute(call(Call.Form.QUERY, bindings, real::executeQuery, count -> {
            throw new IllegalStateException("A query has no update count: " + sql);
        })));
    }

    @Override
    public boolean execute() throws SQLException {
        kept.clear();
        return connection.execute(call(Call.Form.ANY, bindings, real::execute, count -> false));
    }

    @Override
    public int executeUpdate() throws SQLException {
        kept.clear();
        return connection.execute(call(Call.Form.UPDATE, bindings, real::executeUpdate, count -> (int) count));
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        kept.clear();
        return connection.execute(call(Call.Form.UPDATE, bindings, real::executeLargeUpdate, count -> count));
    }

    @Override
    public void addBatch() throws SQLException {
        super.addBatch();
        batch.add(bindings.snapshot());
    }

    @Override
    public void clearBatch() throws SQLException {
        batch.clear();
        super.clearBatch();
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return Counts.narrow(batch(() -> Counts.widen(real.executeBatch())));
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return batch(real::executeLargeBatch);
    }

    private long[] batch(SqlAction<long[]> plain) throws SQLException {
        kept.clear();
        kept.collect();
        List<Call<Long>> elements = new ArrayList<>();
        for (Bindings element : batch) {
            elements.add(call(
                    Call.Form.UPDATE,
                    element,
                    () -> {
                        element.applyAll(real);
                        return (long) real.executeUpdate();
                    },
                    count -> count));
        }
        try {
            long[] counts = connection.executeBatch(elements, plain);
            endBatch();
            return counts;
        } catch (SQLException | RuntimeException e) {
            try {
                endBatch();
            } catch (SQLException further) {
                e.addSuppressed(further);
            }
            throw e;
        }
    }

    /** A batch is gone once it was executed; the parameters the application set last are still set. */
    private void endBatch() throws SQLException {
        batch.clear();
        real.clearBatch();
        if (TransactionContext.enlistedXid() != null && bindings.repeatable()) {
            bindings.applyAll(real);
        }
    }
}
