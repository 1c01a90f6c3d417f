package io.entente.rm.jdbc;

import io.entente.rm.call.Call;
import io.entente.rm.call.KeptStatements;
import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.SqlAction;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.rm.capture.CaptureSession;
import io.entente.rm.capture.ReadQuestion;
import io.entente.rm.capture.RowsHeldException;
import io.entente.rm.forwarding.ForwardingConnection;
import io.entente.rm.sql.Recognition;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Uncaptured;
import io.entente.rm.sql.SessionEffect;
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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose local transactions become branches of the global transaction that the thread is in. Like every
 * connection, it is used by one thread at a time; others may end what this one waits for.
 */
final class EntenteConnection extends ForwardingConnection {

    private final EntenteDataSource dataSource;
    private final LocalBranch branch;
    private final KeptStatements kept = new KeptStatements();
    private final CommittedReads reads;
    private final CurrentWait waits = new CurrentWait();
    private @Nullable AtResource resource;
    private boolean schemaMayDiffer;
    private boolean temporaryTables;
    /** Whether anything may have been done in the open local transaction. */
    private boolean begun = true;
    /** Whether somebody has the driver's own connection, whose doings are not seen here. */
    private boolean unwrapped;

    EntenteConnection(EntenteDataSource dataSource, Connection real) {
        super(real);
        this.dataSource = dataSource;
        this.branch = new LocalBranch(real, kept);
        this.reads = new CommittedReads(real, dataSource.marks().last());
    }

    Connection real() {
        return real;
    }

    CurrentWait waits() {
        return waits;
    }

    KeptStatements kept() {
        return kept;
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
        boolean first = begins();
        String xid = Enlistment.current();
        if (xid == null && branch.isEmpty()) {
            // Whatever it is, it may have changed what table names mean.
            schemaMayDiffer = true;
            temporaryTables |= SessionEffect.TEMPORARY_TABLE.isIn(call.sql());
            reads.somethingUnknown();
            return call.plain().run();
        }
        return tellingWhere(xid, () -> execute(call, xid, first));
    }

    private static <T> T tellingWhere(@Nullable String xid, SqlAction<T> execution) throws SQLException {
        try {
            return execution.run();
        } catch (StatementRefusedException refused) {
            throw Enlistment.GLOBAL_LOCK.equals(xid) ? refused.underGlobalLock() : refused;
        }
    }

    private <T> T execute(Call<T> call, @Nullable String xid, boolean first) throws SQLException {
        AtResource at = resource();
        Recognition recognized = recognize(at, call.sql(), xid);
        ReadQuestion question = reads.question(at, call, recognized, xid, first, () -> scope(at));
        if (!question.isEmpty() && xid != null) {
            LockWait wait = LockWait.ofStatement(at, call.statement());
            boolean changed = !branch.isEmpty();
            return noticingLoss(
                    at, () -> waits.during(wait, () -> reads.run(at, xid, call, question, first, changed, wait)));
        }
        if (!isCaptured(recognized.statement()) || xid == null) {
            return noticingLoss(at, call.plain());
        }
        // Of several statements only the first one is.
        boolean begins = first && !call.isBatch() && !(recognized.statement() instanceof RecognizedSql.Script);
        return noticingLoss(
                at,
                () -> inLocalTransaction(
                        at,
                        xid,
                        call.statement(),
                        recognized.unseenEffectsAllowed(),
                        begins,
                        call::repeatable,
                        session -> {
                            call.outcome().clear();
                            return session.execute(recognized.statement(), call);
                        }));
    }

    /**
     * A database that resolves a deadlock may roll back the whole local transaction, and the application may go on all the
     * same: what was captured before is not there any more.
     */
    private <T> T noticingLoss(AtResource at, SqlAction<T> execution) throws SQLException {
        try {
            return execution.run();
        } catch (SQLException e) {
            if (!branch.isEmpty() && at.capturing().dialect().rollsBackWith(real, e)) {
                branch.lost(e);
            }
            throw e;
        }
    }

    /**
     * Executes the elements of a batch of texts, one by one, in one local transaction.
     *
     * @param plain the driver's own way to execute them all
     */
    long[] executeBatch(List<Call<Long>> elements, SqlAction<long[]> plain) throws SQLException {
        boolean first = begins();
        reads.somethingUnknown();
        String xid = Enlistment.current();
        if (xid == null && branch.isEmpty()) {
            schemaMayDiffer = true;
            temporaryTables |= elements.stream().anyMatch(element -> SessionEffect.TEMPORARY_TABLE.isIn(element.sql()));
            return plain.run();
        }
        return tellingWhere(xid, () -> executeBatch(elements, plain, xid, first));
    }

    private long[] executeBatch(List<Call<Long>> elements, SqlAction<long[]> plain, @Nullable String xid, boolean first)
            throws SQLException {
        AtResource at = resource();
        // All are checked before the first one runs, so that a refusal leaves nothing half done.
        List<Recognition> recognized = new ArrayList<>();
        for (Call<Long> element : elements) {
            Recognition each = recognize(at, element.sql(), xid);
            var unused = reads.question(at, element, each, xid, first && recognized.isEmpty(), () -> scope(at));
            recognized.add(each);
        }
        if (xid == null || recognized.stream().noneMatch(each -> isCaptured(each.statement()))) {
            return noticingLoss(at, plain);
        }
        TextBatch.requireAllCaptured(recognized, elements);
        return noticingLoss(
                at,
                () -> inLocalTransaction(
                        at,
                        xid,
                        elements.get(0).statement(),
                        false,
                        false,
                        () -> true,
                        session -> TextBatch.execute(session, recognized, elements)));
    }

    static boolean isCaptured(RecognizedSql statement) {
        return !(statement instanceof PlainRead
                || statement instanceof Uncaptured
                || statement instanceof RecognizedSql.Refused);
    }

    /** Fails for what must not run. */
    private Recognition recognize(AtResource at, String sql, @Nullable String xid) throws SQLException {
        Recognition recognition = at.recognizer().recognize(sql);
        new StatementCheck(at, real, branch).requireAllowed(sql, recognition, xid);
        if (recognition.statement() instanceof PlainRead) {
            schemaMayDiffer |= recognition.session().contains(SessionEffect.NAMES);
        } else if (recognition.statement() instanceof Uncaptured) {
            schemaMayDiffer = true;
            temporaryTables |= recognition.session().contains(SessionEffect.TEMPORARY_TABLE);
        }
        return recognition;
    }

    /** For what cannot be captured because no statement text tells what it does. */
    void requireNoGlobalTransaction(String what, String remedy) throws StatementRefusedException {
        begun = true;
        if (Enlistment.current() != null || !branch.isEmpty()) {
            throw new StatementRefusedException(what, what + " cannot be undone by a global rollback", remedy);
        }
    }

    /** Whether a large object that a result holds would be changed by its methods, inside a global transaction. */
    boolean mustNotWriteInPlace() throws SQLException {
        boolean inside = Enlistment.current() != null || !branch.isEmpty();
        return inside && resource().capturing().dialect().writesLargeObjectsInPlace();
    }

    @FunctionalInterface
    private interface CapturedAction<T> {
        T run(CaptureSession session) throws SQLException;
    }

    private <T> T inLocalTransaction(
            AtResource at,
            String xid,
            Statement statement,
            boolean unseenEffectsAllowed,
            boolean first,
            BooleanSupplier repeatable,
            CapturedAction<T> action)
            throws SQLException {
        boolean own = real.getAutoCommit();
        LockWait wait = LockWait.ofStatement(at, statement);
        CaptureSession session = new CaptureSession(
                at.capturing(), real, new BranchWork(at, branch, xid, own, first, wait, this), unseenEffectsAllowed);
        return waits.during(
                wait, () -> own ? repeated(xid, wait, repeatable, () -> action.run(session)) : action.run(session));
    }

    private <T> T repeated(String xid, LockWait wait, BooleanSupplier repeatable, SqlAction<T> action)
            throws SQLException {
        boolean refreshed = false;
        while (true) {
            try {
                return inOwnTransaction(wait, repeatable, action);
            } catch (RowsHeldException held) {
                if (!repeatable.getAsBoolean()) {
                    throw wait.timeout(xid, held.getMessage(), null);
                }
                branch.requireRolledBack(held);
                // Waits with nothing in hand: the attempt is rolled back, so the holder can use its rows.
                wait.awaitRows(xid, held.lockKey(), String.valueOf(held.getMessage()), false);
            } catch (CaptureFailedException failed) {
                // The attempt is rolled back, and the next one knows the tables as they are now.
                if (!failed.byStaleMetadata() || !repeatable.getAsBoolean() || refreshed) {
                    throw failed;
                }
                branch.requireRolledBack(failed);
                refreshed = true;
            }
        }
    }

    private <T> T inOwnTransaction(LockWait wait, BooleanSupplier repeatable, SqlAction<T> action) throws SQLException {
        real.setAutoCommit(false);
        boolean ended = false;
        try {
            T result = action.run();
            branch.commitOwn(wait, repeatable.getAsBoolean());
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

    // ---------------------------------------------------------------- what table names mean

    String scope(AtResource at) throws SQLException {
        String scope = at.scopes().of(real, schemaMayDiffer);
        // A temporary table may hide one that others mean by the same name.
        return temporaryTables ? scope + " with temporary tables of " + System.identityHashCode(this) : scope;
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        // PostgreSQL takes it back with the local transaction.
        begun = true;
        schemaMayDiffer = true;
        super.setSchema(schema);
    }

    @Override
    public void setCatalog(String catalog) throws SQLException {
        schemaMayDiffer = true;
        super.setCatalog(catalog);
    }

    // ---------------------------------------------------------------- the local transaction

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        if (autoCommit && !branch.isEmpty()) {
            commit();
        }
        boolean ends = autoCommit != super.getAutoCommit();
        super.setAutoCommit(autoCommit);
        begun &= !ends;
    }

    /** Whether nothing was done before in the local transaction; from now on something is. */
    private boolean begins() {
        boolean first = !begun && !unwrapped;
        begun = true;
        if (first) {
            reads.fresh(dataSource.marks().last());
        }
        return first;
    }

    /** Somebody has got hold of the driver's own connection. */
    void unwrapped() {
        unwrapped = true;
        reads.somethingUnknown();
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        reads.isolationMayDiffer();
        super.setTransactionIsolation(level);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        unwrapped();
        return super.unwrap(type);
    }

    @Override
    public void commit() throws SQLException {
        if (branch.isEmpty()) {
            branch.clear();
            super.commit();
        } else {
            LockWait wait = LockWait.ofCommit(resource());
            waits.duringCommit(wait, () -> branch.commitOfApplication(wait));
        }
        begun = false;
    }

    @Override
    public void rollback() throws SQLException {
        branch.clear();
        super.rollback();
        begun = false;
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        begun = true;
        Savepoint savepoint = super.setSavepoint();
        branch.mark(savepoint);
        return savepoint;
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        begun = true;
        branch.requireNewSavepoint(name);
        Savepoint savepoint = super.setSavepoint(name);
        branch.mark(savepoint, name);
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
        waits.close();
        boolean empty = branch.isEmpty();
        branch.clear();
        try {
            kept.close();
            if (!empty && !real.isClosed() && !real.getAutoCommit()) {
                real.rollback();
            }
        } finally {
            super.close();
        }
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        if (!waits.abort()) {
            branch.clear();
        }
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
