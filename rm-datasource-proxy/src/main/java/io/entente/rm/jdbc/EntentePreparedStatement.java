package io.entente.rm.jdbc;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.SqlAction;
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

    private <T> T run(SqlAction<T> plain, Call.Answer<T> answer) throws SQLException {
        outcome.clear();
        return connection.execute(call(List.of(bindings), repeatable(plain), answer));
    }

    /** The driver's own execution. It has read its streams to their end by the second time. */
    private <T> SqlAction<T> repeatable(SqlAction<T> plain) {
        boolean[] executed = {false};
        return () -> {
            if (executed[0]) {
                bindings.restore(real);
            }
            executed[0] = true;
            return plain.run();
        };
    }

    private <T> Call<T> call(List<Bindings> parameters, SqlAction<T> plain, Call.Answer<T> answer) {
        return new Call<>(sql, parameters, keys, real, connection.kept(), outcome, plain, answer);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return wrap(run(real::executeQuery, new Call.Query()));
    }

    @Override
    public boolean execute() throws SQLException {
        return run(real::execute, new Call.Any());
    }

    @Override
    public int executeUpdate() throws SQLException {
        return run(() -> (long) real.executeUpdate(), new Call.Update()).intValue();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return run(real::executeLargeUpdate, new Call.Update());
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
        outcome.clear();
        try {
            long[] counts = batch.isEmpty()
                    ? plain.run()
                    : connection.execute(call(batch, new RepeatableBatch(real, batch, plain), new Call.Batch()));
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
        if (Enlistment.current() != null) {
            bindings.restore(real);
        }
    }
}
