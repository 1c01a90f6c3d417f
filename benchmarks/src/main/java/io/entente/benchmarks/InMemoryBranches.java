package io.entente.benchmarks;

import io.entente.protocol.Message;
import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.RowLockWait;
import io.entente.rm.branch.AtDatabase;
import io.entente.rm.branch.BranchCoordinator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A coordinator that costs nothing: it gives out branch ids, and no row is ever locked by anybody else. */
final class InMemoryBranches implements BranchCoordinator {

    private final AtomicLong branches = new AtomicLong(System.currentTimeMillis() << 20);

    @Override
    public void serve(AtDatabase resource) {}

    @Override
    public long register(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn) {
        return branches.incrementAndGet();
    }

    @Override
    public void reportPhaseOneFailed(String xid, long branchId, String resourceId) {
        throw new IllegalStateException("The local commit of branch " + branchId + " failed");
    }

    @Override
    public void requireUnlocked(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn) {}

    @Override
    public ReadCheckResponse checkRead(ReadCheck read, Duration wait, CompletableFuture<?> withdrawn) {
        return new ReadCheckResponse(Message.Result.OK, true, 1);
    }
}
