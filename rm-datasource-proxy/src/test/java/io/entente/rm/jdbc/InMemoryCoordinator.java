package io.entente.rm.jdbc;

import io.entente.protocol.LockModeText;
import io.entente.protocol.Message;
import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.RowLockWait;
import io.entente.protocol.TransactionError;
import io.entente.rm.branch.AtDatabase;
import io.entente.rm.branch.BranchCoordinator;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRefusedException;
import io.entente.tm.branch.RowLockConflictException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A coordinator without a network, and as Seata's: gives out branch ids, keeps row locks, waits for none. */
final class InMemoryCoordinator implements BranchCoordinator {

    record Branch(String xid, long id, String resourceId, String lockKey, boolean holdsLocalTransaction) {}

    final List<Branch> branches = new ArrayList<>();
    final List<Long> reportedFailed = new ArrayList<>();
    final List<AtDatabase> served = new ArrayList<>();
    final Deque<BranchException> failures = new ArrayDeque<>();
    final List<String> lockQueries = new ArrayList<>();
    boolean holdersRollBack;
    boolean isSeata;
    final List<ReadCheck> reads = new ArrayList<>();
    /** Whether what was read is committed; when there are no more, it is. */
    final Deque<Boolean> readAnswers = new ArrayDeque<>();

    private long mark = 100;
    private final Map<String, String> holders = new HashMap<>();
    private @Nullable Runnable beforeAnswer;
    private long lastId = 1_000;

    /** Lets something happen between the registration and its answer. */
    void beforeAnswer(Runnable action) {
        beforeAnswer = action;
    }

    void hold(String xid, String lockKey) {
        rows(lockKey).forEach(row -> holders.put(row, xid));
    }

    void release(String xid) {
        holders.values().removeIf(xid::equals);
    }

    AtDatabase resource() {
        return served.get(served.size() - 1);
    }

    @Override
    public void serve(AtDatabase resource) {
        served.add(resource);
    }

    @Override
    public long register(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        BranchException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        for (String row : rows(lockKey)) {
            String holder = holders.getOrDefault(row, xid);
            if (!holder.equals(xid)) {
                throw new RowLockConflictException(
                        "row " + row + " is held by " + holder, holdersRollBack && wait.holdsLocalTransaction());
            }
        }
        hold(xid, lockKey);
        branches.add(new Branch(xid, ++lastId, resourceId, lockKey, wait.holdsLocalTransaction()));
        if (beforeAnswer != null) {
            beforeAnswer.run();
        }
        return lastId;
    }

    @Override
    public void reportPhaseOneFailed(String xid, long branchId, String resourceId) {
        reportedFailed.add(branchId);
    }

    @Override
    public void requireUnlocked(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        lockQueries.add(lockKey);
        for (String row : rows(lockKey)) {
            String holder = holders.getOrDefault(row, xid);
            if (!holder.equals(xid)) {
                throw new RowLockConflictException(
                        "row " + row + " is held by " + holder, holdersRollBack && wait.holdsLocalTransaction());
            }
        }
    }

    private static Set<String> rows(String lockKey) {
        Set<String> rows = new LinkedHashSet<>();
        for (String table : LockModeText.without(lockKey).split(";", -1)) {
            String name = table.substring(0, table.indexOf(':'));
            for (String key : table.substring(table.indexOf(':') + 1).split(",", -1)) {
                rows.add(name.toLowerCase(Locale.ROOT) + ":" + key);
            }
        }
        return rows;
    }

    @Override
    public ReadCheckResponse checkRead(ReadCheck read, Duration wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        reads.add(read);
        if (isSeata) {
            throw new BranchRefusedException(TransactionError.LOCKABLE_CHECK_FAILED, "the coordinator is one of Seata");
        }
        for (String row : read.lockKey().isEmpty() ? Set.<String>of() : rows(read.lockKey())) {
            String holder = holders.getOrDefault(row, read.xid());
            if (!holder.equals(read.xid())) {
                throw new RowLockConflictException("row " + row + " is held by " + holder, false);
            }
        }
        for (Map.Entry<String, String> held : holders.entrySet()) {
            String table = held.getKey().substring(0, held.getKey().indexOf(':'));
            if (read.tables().contains(table) && !held.getValue().equals(read.xid())) {
                throw new RowLockConflictException("row " + held.getKey() + " is held by " + held.getValue(), false);
            }
        }
        Boolean answer = read.mark() == ReadCheck.NO_MARK ? null : readAnswers.poll();
        mark++;
        return new ReadCheckResponse(
                Message.Result.OK, read.mark() != ReadCheck.NO_MARK && (answer == null || answer), mark);
    }
}
