package io.entente.tm.fence;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets each phase of a branch take effect at most once, and none too late, by a row per branch that is written in the
 * same local transaction as the business statements: confirm and cancel may be repeated, a cancel without a try does
 * nothing, and a try after its cancel is refused. Also for the steps of sagas and their compensations. Thread-safe.
 *
 * <p>The table is {@code sql/<database>/tcc_fence_log.sql}. Whichever of two racing calls for one branch comes second
 * waits for the first, or fails with the database's lock timeout and can be repeated.
 */
public final class Fence {

    /** Name of the table unless another one is chosen; the name of Seata's. */
    public static final String TABLE = "tcc_fence_log";

    private static final int SWEPT_AT_ONCE = 1_000;

    private final LocalTransactions transactions;
    private final FenceTable table;
    private final InstantSource clock;
    private volatile boolean resultSeen;

    /** A fence in the table {@link #TABLE}. */
    public Fence(LocalTransactions transactions) {
        this(transactions, TABLE, Clock.systemUTC());
    }

    /**
     * @param table name, with its schema if need be
     * @param clock tells the age of rows
     * @throws IllegalArgumentException when the name cannot be one
     */
    public Fence(LocalTransactions transactions, String table, InstantSource clock) {
        this.transactions = transactions;
        this.table = new FenceTable(table);
        this.clock = clock;
    }

    /**
     * Runs the try of a TCC branch.
     *
     * @throws PhaseOneTooLateException the branch was cancelled before; {@code work} has not run
     * @throws FenceViolatedException the branch was tried before; {@code work} has not run
     * @throws Exception what {@code work} or the database throws; the row is rolled back with the work
     */
    public <T extends @Nullable Object> T runTry(FencedBranch branch, FencedWork<T> work) throws Exception {
        return transactions.inTransaction(connection -> {
            if (!table.insert(connection, branch, FenceStatus.TRIED, clock.instant())) {
                FenceTable.Row row = present(table.lock(connection, branch, false), branch);
                if (isOver(row)) {
                    throw new PhaseOneTooLateException(branch);
                }
                throw new FenceViolatedException("The try of " + branch + " ran before: its row in " + table + " is "
                        + row.status() + ". A branch is tried once; register another one to try again.");
            }
            return work.run(connection);
        });
    }

    /**
     * Runs a step of a saga, or returns its result if it ran before.
     *
     * @return what {@code work} returned, now or then
     * @throws PhaseOneTooLateException the step was compensated before; {@code work} has not run
     * @throws FenceTableException the table has no column for results
     * @throws Exception what {@code work} or the database throws; the row is rolled back with the work
     */
    public @Nullable String runStep(FencedBranch branch, FencedWork<@Nullable String> work) throws Exception {
        Optional<String> stored = transactions.inTransaction(connection -> {
            if (!resultSeen) {
                table.requireResult(connection);
                resultSeen = true;
            }
            if (!table.insert(connection, branch, FenceStatus.TRIED, clock.instant())) {
                FenceTable.Row row = present(table.lock(connection, branch, true), branch);
                if (isOver(row)) {
                    throw new PhaseOneTooLateException(branch);
                }
                return Optional.ofNullable(row.result());
            }
            String result = work.run(connection);
            if (result != null) {
                table.setResult(connection, branch, result);
            }
            return Optional.ofNullable(result);
        });
        return stored.orElse(null);
    }

    /**
     * Confirms a branch.
     *
     * @return true when {@code work} ran now, false when the branch was confirmed before
     * @throws FenceViolatedException the branch was cancelled, or never tried
     * @throws Exception what {@code work} or the database throws; nothing has changed and it can be repeated
     */
    public boolean confirm(FencedBranch branch, FencedWork<? extends @Nullable Object> work) throws Exception {
        return transactions.inTransaction(connection -> {
            FenceTable.Row row = table.lock(connection, branch, false);
            if (row == null) {
                throw new FenceViolatedException(
                        "Confirm of " + branch + " did not run: there is no row for it in "
                                + table
                                + ", so its try did not commit in this database, or the row was deleted. Find out from the"
                                + " business data what holds, correct it by hand, and then finish the branch at the coordinator.");
            }
            if (isOver(row)) {
                throw new FenceViolatedException("Confirm of " + branch + " did not run: its row in " + table + " is "
                        + row.status()
                        + ", so it was cancelled before. Find out who did that, correct the business data"
                        + " by hand, and then finish the branch at the coordinator.");
            }
            if (row.status() == FenceStatus.COMMITTED) {
                return false;
            }
            Object unused = work.run(connection);
            table.setStatus(connection, branch, FenceStatus.COMMITTED, clock.instant());
            return true;
        });
    }

    /**
     * Cancels a branch, or compensates a step.
     *
     * @return true when {@code work} ran now; false when the branch was cancelled before or was never tried, in which
     *     case its try is refused from now on
     * @throws FenceViolatedException the branch was confirmed
     * @throws Exception what {@code work} or the database throws; nothing has changed and it can be repeated
     */
    public boolean cancel(FencedBranch branch, FencedWork<? extends @Nullable Object> work) throws Exception {
        return transactions.inTransaction(connection -> {
            // The insert comes first, even though there mostly is a row: it takes no gap lock, which two cancels would
            // hold against each other, and no snapshot from before the try that it may have to wait for.
            table.ensure(connection, branch, FenceStatus.SUSPENDED, clock.instant());
            FenceTable.Row row = present(table.lock(connection, branch, false), branch);
            if (row.status() == FenceStatus.COMMITTED) {
                throw new FenceViolatedException("Cancel of " + branch + " did not run: its row in " + table
                        + " is COMMITTED, so it was confirmed before. Find out who did that, correct the business data by"
                        + " hand, and then finish the branch at the coordinator.");
            }
            if (isOver(row)) {
                return false;
            }
            Object unused = work.run(connection);
            table.setStatus(connection, branch, FenceStatus.ROLLED_BACK, clock.instant());
            return true;
        });
    }

    /**
     * Deletes the rows of branches that were only tried and whose global transaction is over: steps of sagas that came to
     * their good end, which nobody confirms.
     *
     * @param age time since the try; longer than a local transaction can take
     * @return how many rows were deleted
     */
    public int sweepTried(Duration age, TransactionJudge judge) throws Exception {
        Instant before = clock.instant().minus(age);
        int deleted = 0;
        String last = "";
        while (true) {
            String after = last;
            List<String> tried = transactions.inTransaction(
                    connection -> table.xidsOfTried(connection, before, after, SWEPT_AT_ONCE));
            for (String xid : tried) {
                // Asked outside of local transactions, which would hold a connection while the network is waited for.
                if (judge.isOver(xid)) {
                    deleted += transactions.inTransaction(connection -> table.deleteTried(connection, xid, before));
                }
                last = xid;
            }
            if (tried.size() < SWEPT_AT_ONCE) {
                return deleted;
            }
        }
    }

    /**
     * Deletes the rows of finished branches, a thousand per local transaction. Rows that were only tried stay.
     *
     * @param age time since the branch was finished; longer than any try takes to begin and any answer to be repeated
     * @return how many rows were deleted
     */
    public int sweep(Duration age) throws Exception {
        Instant before = clock.instant().minus(age);
        int deleted = 0;
        int portion;
        do {
            portion = transactions.inTransaction(connection -> table.deleteFinished(connection, before, SWEPT_AT_ONCE));
            deleted += portion;
        } while (portion == SWEPT_AT_ONCE);
        return deleted;
    }

    /**
     * Checks that the table is there and has the columns it needs; the one for results of saga steps only when asked.
     *
     * @throws FenceTableException when not; the message says what to do
     * @throws SQLException the database cannot be asked
     */
    public void verifyTable(boolean withResult) throws SQLException {
        inOwnTransaction(connection -> {
            table.verify(connection);
            if (withResult) {
                table.requireResult(connection);
            }
            return true;
        });
    }

    /**
     * Creates the table unless it exists.
     *
     * @throws FenceTableException there is no DDL for this database
     * @throws SQLException what the database throws
     */
    public void createTable() throws SQLException {
        inOwnTransaction(connection -> {
            table.create(connection);
            return true;
        });
    }

    private void inOwnTransaction(FencedWork<Boolean> work) throws SQLException {
        try {
            boolean unused = transactions.inTransaction(work);
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new SQLException("The fence table " + table + " cannot be checked: " + e, e);
        }
    }

    private static boolean isOver(FenceTable.Row row) {
        return row.status() == FenceStatus.ROLLED_BACK || row.status() == FenceStatus.SUSPENDED;
    }

    private FenceTable.Row present(FenceTable.@Nullable Row row, FencedBranch branch) {
        if (row == null) {
            throw new IllegalStateException(
                    "The row of " + branch + " in " + table + " was deleted meanwhile; try again.");
        }
        return row;
    }

    @Override
    public String toString() {
        return "fence " + table;
    }
}
