package io.entente.rm.jdbc;

import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.RowLockWait;
import io.entente.rm.call.Call;
import io.entente.rm.call.SqlAction;
import io.entente.rm.capture.ReadQuestion;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.H2;
import io.entente.rm.dialect.MySql;
import io.entente.rm.dialect.SqlServer;
import io.entente.rm.sql.Recognition;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.SessionEffect;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.RowLockConflictException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Queries on one connection that show only what is committed globally.
 *
 * <p>The query runs first, then the coordinator is asked about what it may have read, and waits if need be; no lock of the
 * database or the coordinator is held for it. Where the coordinator says so the query runs again, on a snapshot that the
 * database takes later. Where it takes none before the local transaction ends, the application has to begin anew.
 */
final class CommittedReads {

    /** Of readings again when no time is left to wait. */
    private static final int LAST_TRIES = 3;

    private final Connection real;

    /** From before the database took a snapshot that may stay for the whole local transaction. */
    private long snapshotMark;

    /** What the driver said of the isolation; null when that may have changed. */
    private @Nullable Integer isolation;

    /** Whether the open local transaction may have locks of the database. */
    private boolean mayHoldRows;

    CommittedReads(Connection real, long mark) {
        this.real = real;
        this.snapshotMark = mark;
    }

    /** A local transaction begins: its snapshot will be later than this mark. */
    void fresh(long mark) {
        snapshotMark = mark;
        mayHoldRows = false;
    }

    /** Something was executed that nobody has looked at. */
    void somethingUnknown() {
        mayHoldRows = true;
        isolation = null;
    }

    void isolationMayDiffer() {
        isolation = null;
    }

    /**
     * What has to be asked before the result of a statement may be shown, as far as the thread reads only what is committed.
     *
     * @param xid null where statements are executed as they are
     * @param first whether nothing was done before in the local transaction
     * @param scope what unqualified names mean
     */
    ReadQuestion question(
            AtResource at,
            Call<?> call,
            Recognition recognized,
            @Nullable String xid,
            boolean first,
            SqlAction<String> scope)
            throws SQLException {
        ReadQuestion question = ReadQuestion.NONE;
        if (xid != null && TransactionContext.readsCommitted()) {
            question = ReadQuestion.of(at.capturing(), real, scope.run(), call, recognized, at.recognizer());
            if (question.isEmpty()) {
                beforeOther(at, xid, first);
            }
        }
        if (question.isEmpty()) {
            mayHoldRows |= !(recognized.statement() instanceof RecognizedSql.PlainRead);
            if (recognized.session().contains(SessionEffect.NAMES)) {
                isolation = null;
            }
        }
        return question;
    }

    /**
     * What takes no question, and may be the first of a local transaction with a snapshot, is told from when that is.
     *
     * @param first whether it is
     */
    private void beforeOther(AtResource at, String xid, boolean first) throws SQLException {
        if (!first || real.getAutoCommit()) {
            return;
        }
        if (snapshotMark == ReadCheck.NO_MARK || (knowsIsolation(at) && !isFreshForEachStatement())) {
            snapshotMark = newMark(at, xid);
        }
    }

    /** Asking costs a round trip, and elsewhere a mark from before is good enough. */
    private static boolean knowsIsolation(AtResource at) {
        Dialect dialect = at.capturing().dialect();
        return dialect instanceof MySql || dialect instanceof H2;
    }

    /**
     * Executes a query.
     *
     * @param first whether nothing was done before in the local transaction
     * @param changed whether the local transaction holds changes
     * @param wait for what others have written
     */
    <T> T run(
            AtResource at,
            String xid,
            Call<T> call,
            ReadQuestion question,
            boolean first,
            boolean changed,
            LockWait wait)
            throws SQLException {
        requireNoDirtyReads(at, call);
        boolean own = real.getAutoCommit();
        long mark = own || (isolation != null && isFreshForEachStatement())
                ? at.marks().last()
                : snapshotMark;
        if (mark == ReadCheck.NO_MARK && (own || first)) {
            mark = newMark(at, xid);
            snapshotMark = mark;
        }
        boolean inTheWay = !own && (changed || mayHoldRows || locksWhatItReads(at));
        int lastTries = 0;
        while (true) {
            T result = call.plain().run();
            ReadCheckResponse answer;
            try {
                answer = ask(at, xid, question, mark, wait, inTheWay);
            } catch (SQLException | RuntimeException e) {
                closeResult(call, result, e);
                throw e;
            }
            if (answer.committed()) {
                return result;
            }
            requireRepeatable(at, xid, call, result, own, first);
            if (wait.isOver() && ++lastTries > LAST_TRIES) {
                SQLException late =
                        wait.unread(xid, "what it reads is undone or committed in parts again and again", null);
                closeResult(call, result, late);
                throw late;
            }
            call.outcome().clear();
            mark = answer.mark();
            if (!own && first && !isFreshForEachStatement()) {
                real.rollback();
                snapshotMark = mark;
            }
        }
    }

    private void requireRepeatable(AtResource at, String xid, Call<?> call, Object result, boolean own, boolean first)
            throws SQLException {
        SQLException failure = null;
        if (!call.repeatable()) {
            failure = new SQLTransactionRollbackException(
                    LockWait.subject(xid) + " has read at " + at.id() + " what was rolled back meanwhile, and cannot"
                            + " execute the query again, as it has a parameter that can be read once only. Run it again.",
                    "40001");
        } else if (!own && !first && !isFreshForEachStatement()) {
            failure = new SQLTransactionRollbackException(
                    LockWait.subject(xid) + " cannot read what is committed at " + at.id()
                            + ": the snapshot of its local"
                            + " transaction shows what was rolled back or written in part since, and stays until the local"
                            + " transaction ends. Roll it back and run it again, or use the database's READ COMMITTED.",
                    "40001");
        }
        if (failure != null) {
            closeResult(call, result, failure);
            throw failure;
        }
    }

    private ReadCheckResponse ask(
            AtResource at, String xid, ReadQuestion question, long mark, LockWait wait, boolean inTheWay)
            throws SQLException {
        while (true) {
            Duration left = wait.left();
            RowLockWait said = inTheWay ? RowLockWait.ofLocalTransaction(left) : RowLockWait.holdingNothing(left);
            try {
                return wait.ask(xid, (coordinator, withdrawn) -> check(at, xid, question, mark, said, withdrawn));
            } catch (RowLockConflictException e) {
                if (e.failFast() || wait.isOver()) {
                    throw wait.unread(xid, String.valueOf(e.getMessage()), e);
                }
                wait.pause(xid);
            } catch (BranchException e) {
                throw LockWait.unread(at, xid, e);
            }
        }
    }

    private long newMark(AtResource at, String xid) throws SQLException {
        try {
            RowLockWait said = RowLockWait.holdingNothing(Duration.ZERO);
            return check(at, xid, ReadQuestion.NONE, ReadCheck.NO_MARK, said, new CompletableFuture<>())
                    .mark();
        } catch (RowLockConflictException e) {
            throw LockWait.unknown(at, xid, e);
        } catch (BranchException e) {
            throw LockWait.unread(at, xid, e);
        }
    }

    private static ReadCheckResponse check(
            AtResource at,
            String xid,
            ReadQuestion question,
            long mark,
            RowLockWait wait,
            CompletableFuture<?> withdrawn)
            throws BranchException {
        ReadCheckResponse answer = at.coordinator()
                .checkRead(
                        new ReadCheck(xid, at.id(), question.tables(), question.lockKey(), mark, wait.text()),
                        wait.duration(),
                        withdrawn);
        at.marks().told(answer.mark());
        return answer;
    }

    private static void closeResult(Call<?> call, @Nullable Object result, Exception cause) {
        try {
            ResultSet open = result instanceof ResultSet rows
                    ? rows
                    : Boolean.TRUE.equals(result) ? call.statement().getResultSet() : null;
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    // ---------------------------------------------------------------- what the database isolates by itself

    private int isolation() throws SQLException {
        Integer known = isolation;
        if (known == null) {
            known = real.getTransactionIsolation();
            isolation = known;
        }
        return known;
    }

    /** Whether each statement sees what was committed before it. */
    private boolean isFreshForEachStatement() throws SQLException {
        // The lowest level is refused where it is not the same.
        return isolation() <= Connection.TRANSACTION_READ_COMMITTED;
    }

    private boolean locksWhatItReads(AtResource at) throws SQLException {
        return at.capturing().dialect() instanceof MySql && isolation() == Connection.TRANSACTION_SERIALIZABLE;
    }

    /** What is not even committed locally has no lock at the coordinator yet. */
    private void requireNoDirtyReads(AtResource at, Call<?> call) throws SQLException {
        Dialect dialect = at.capturing().dialect();
        if (dialect instanceof SqlServer) {
            throw ReadQuestion.refused(
                    call.sql(), "SQL Server reads without a snapshot by default", "read with SELECT … WITH (UPDLOCK)");
        }
        if (knowsIsolation(at) && isolation() == Connection.TRANSACTION_READ_UNCOMMITTED) {
            throw ReadQuestion.refused(
                    call.sql(),
                    "the connection's own isolation is READ UNCOMMITTED, so that it reads what is not even committed locally",
                    "set the connection to READ COMMITTED");
        }
    }
}
