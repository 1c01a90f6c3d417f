package io.entente.rm.jdbc;

import io.entente.rm.forwarding.ForwardingConnection;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.RecognizedSql.OnTable;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.tm.LockRetry;
import io.entente.tm.TransactionContext;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose local transactions become branches of the global transaction that the thread is in. Like every
 * connection, it is used by one thread at a time.
 */
final class EntenteConnection extends ForwardingConnection {

    private final EntenteDataSource dataSource;
    private final LocalBranch branch;
    private @Nullable AtResource resource;

    EntenteConnection(EntenteDataSource dataSource, Connection real) {
        super(real);
        this.dataSource = dataSource;
        this.branch = new LocalBranch(real);
    }

    private AtResource resource() throws SQLException {
        AtResource known = resource;
        if (known == null) {
            known = dataSource.resource(real);
            resource = known;
        }
        return known;
    }

    // ---------------------------------------------------------------- statements

    /** Executes as the application asked: as it is outside a global transaction, captured inside one. */
    <T> T execute(Call<T> call) throws SQLException {
        String xid = TransactionContext.enlistedXid();
        if (xid == null && branch.isEmpty()) {
            return call.plain().run();
        }
        AtResource at = resource();
        RecognizedSql recognized = recognize(at, call.sql(), xid);
        if (recognized instanceof OnTable onTable && xid != null) {
            return inLocalTransaction(at, xid, call.repeatable(), capture -> {
                call.kept().restart();
                return capture.execute(onTable, call);
            });
        }
        return call.plain().run();
    }

    /**
     * Executes the elements of a batch, one by one, in one local transaction.
     *
     * @param elements what is executed now; not null
     * @param plain the driver's own way to execute them all
     */
    long[] executeBatch(List<Call<Long>> elements, SqlAction<long[]> plain) throws SQLException {
        String xid = TransactionContext.enlistedXid();
        if (xid == null && branch.isEmpty()) {
            return plain.run();
        }
        AtResource at = resource();
        // All are checked before the first one runs, so that a refusal leaves nothing half done.
        List<RecognizedSql> recognized = new ArrayList<>();
        boolean repeatable = true;
        for (Call<Long> element : elements) {
            recognized.add(recognize(at, element.sql(), xid));
            repeatable &= element.repeatable();
        }
        if (xid == null || recognized.stream().allMatch(PlainRead.class::isInstance)) {
            return plain.run();
        }
        for (int i = 0; i < recognized.size(); i++) {
            if (recognized.get(i) instanceof PlainRead) {
                throw new StatementRefusedException(
                        elements.get(i).sql(),
                        "it is in one batch with statements that change rows",
                        "execute it by itself, before or after the batch");
            }
        }
        return inLocalTransaction(at, xid, repeatable, capture -> {
            elements.forEach(element -> element.kept().restart());
            return new BatchRun(capture).run(recognized, elements);
        });
    }

    /** Fails for what must not run; a read, or a change of one table, comes back. */
    private RecognizedSql recognize(AtResource at, String sql, @Nullable String xid) throws SQLException {
        RecognizedSql recognized = at.recognizer().recognize(sql);
        if (recognized instanceof PlainRead) {
            return recognized;
        }
        // The bound one, so that a try of TCC may join a local transaction that holds changes of AT.
        branch.requireOneTransaction(TransactionContext.xid());
        if (recognized instanceof Refused refused && (xid != null || !refused.rowsOnly())) {
            throw new StatementRefusedException(sql, refused.reason(), refused.remedy());
        }
        return recognized;
    }

    /** For what cannot be captured because no statement text tells what it does. */
    void requireNoGlobalTransaction(String what, String remedy) throws StatementRefusedException {
        if (TransactionContext.enlistedXid() != null || !branch.isEmpty()) {
            throw new StatementRefusedException(what, what + " cannot be undone by a global rollback", remedy);
        }
    }

    @FunctionalInterface
    private interface CapturedAction<T> {
        T run(Capture capture) throws SQLException;
    }

    private <T> T inLocalTransaction(AtResource at, String xid, boolean repeatable, CapturedAction<T> action)
            throws SQLException {
        if (!real.getAutoCommit()) {
            return action.run(new Capture(at, real, branch, xid, false));
        }
        Capture capture = new Capture(at, real, branch, xid, true);
        LockRetry retry = LockWait.budget(at);
        for (int retries = 0; ; retries++) {
            try {
                return inOwnTransaction(() -> action.run(capture));
            } catch (RowsHeldException held) {
                if (!repeatable || retries >= retry.times()) {
                    throw LockWait.timeout(xid, at, held.getMessage(), retries, false, held);
                }
            }
            // Waits with nothing in hand: the attempt is rolled back, so the holder can use its rows.
            LockWait.pause(at, retry.interval());
        }
    }

    private <T> T inOwnTransaction(SqlAction<T> action) throws SQLException {
        real.setAutoCommit(false);
        boolean ended = false;
        try {
            T result = action.run();
            branch.commitOwn();
            ended = true;
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            branch.clear();
            ended = branch.rollBackAfter(e);
            throw e;
        } finally {
            // Switching auto-commit on would commit what could not be rolled back.
            if (ended) {
                real.setAutoCommit(true);
            }
        }
    }

    // ---------------------------------------------------------------- the local transaction

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        if (autoCommit && !branch.isEmpty()) {
            commit();
        }
        super.setAutoCommit(autoCommit);
    }

    @Override
    public void commit() throws SQLException {
        if (branch.isEmpty()) {
            branch.clear();
            super.commit();
        } else {
            branch.commitOfApplication(LockWait.budget(resource()));
        }
    }

    @Override
    public void rollback() throws SQLException {
        branch.clear();
        super.rollback();
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        Savepoint savepoint = super.setSavepoint();
        branch.mark(savepoint);
        return savepoint;
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        Savepoint savepoint = super.setSavepoint(name);
        branch.mark(savepoint);
        return savepoint;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        super.rollback(savepoint);
        branch.rolledBackTo(savepoint);
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        super.releaseSavepoint(savepoint);
        branch.released(savepoint);
    }

    /** Changes that are not committed must not be, whatever the driver or the pool does with an open transaction. */
    @Override
    public void close() throws SQLException {
        if (branch.isEmpty()) {
            super.close();
            return;
        }
        branch.clear();
        try {
            if (!real.isClosed() && !real.getAutoCommit()) {
                real.rollback();
            }
        } finally {
            super.close();
        }
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        branch.clear();
        super.abort(executor);
    }

    // ---------------------------------------------------------------- wrappers

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return new EntenteDatabaseMetaData(this, super.getMetaData());
    }

    @Override
    public Statement createStatement() throws SQLException {
        return new EntenteStatement(this, real.createStatement());
    }

    @Override
    public Statement createStatement(int type, int concurrency) throws SQLException {
        return new EntenteStatement(this, real.createStatement(type, concurrency));
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        return new EntenteStatement(this, real.createStatement(type, concurrency, holdability));
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return new EntentePreparedStatement(this, real.prepareStatement(sql), sql, KeyRequest.NONE);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        return new EntentePreparedStatement(this, real.prepareStatement(sql, type, concurrency), sql, KeyRequest.NONE);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        return new EntentePreparedStatement(
                this, real.prepareStatement(sql, type, concurrency, holdability), sql, KeyRequest.NONE);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        return new EntentePreparedStatement(
                this, real.prepareStatement(sql, autoGeneratedKeys), sql, KeyRequest.of(autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        return new EntentePreparedStatement(
                this, real.prepareStatement(sql, columnIndexes), sql, KeyRequest.of(columnIndexes));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        return new EntentePreparedStatement(
                this, real.prepareStatement(sql, columnNames), sql, KeyRequest.of(columnNames));
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        return new EntenteCallableStatement(this, real.prepareCall(sql));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        return new EntenteCallableStatement(this, real.prepareCall(sql, type, concurrency));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        return new EntenteCallableStatement(this, real.prepareCall(sql, type, concurrency, holdability));
    }
}
