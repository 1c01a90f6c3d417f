package io.entente.rm.branch;

import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.RowLockWait;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRefusedException;
import io.entente.tm.branch.CoordinatorSilentException;
import io.entente.tm.branch.RowLockConflictException;
import io.entente.tm.branch.WaitWithdrawnException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What the resource manager asks of the coordinator: the only door from the JDBC side to the network. Thread-safe. */
public interface BranchCoordinator {

    /**
     * Makes this process answer phase two for the resource; must come before its first {@link #register}. Doing it
     * again for the same resource id changes nothing.
     */
    void serve(AtDatabase resource);

    /**
     * Registers a branch and takes its row locks.
     *
     * @param lockKey the rows, {@code table:key,key;table:key}
     * @param wait how long it waits for them, and which of the database's row locks it has meanwhile; a coordinator of
     *     Seata does not wait
     * @param withdrawn completes when nobody wants to wait any longer; an interrupt of this thread ends the wait as well
     * @return the branch id
     * @throws RowLockConflictException another global transaction holds one of the rows
     * @throws BranchRefusedException the global transaction is unknown, not active any more, or the coordinator cannot
     *     take the branch for another reason
     * @throws CoordinatorSilentException no answer in time: the branch may or may not be registered
     * @throws WaitWithdrawnException the wait was ended; should the branch be registered all the same, it is reported as
     *     failed
     */
    long register(String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
            throws BranchException;

    /** Tells that phase one did not commit locally after all, so that phase two can skip the branch. Best effort. */
    void reportPhaseOneFailed(String xid, long branchId, String resourceId);

    /**
     * Checks that no other global transaction holds any of these rows. Takes no lock.
     *
     * @param wait as for {@link #register}
     * @param withdrawn as for {@link #register}
     * @throws RowLockConflictException another global transaction holds one of the rows
     * @throws BranchRefusedException the coordinator cannot tell
     * @throws CoordinatorSilentException no answer in time
     * @throws WaitWithdrawnException the wait was ended
     */
    void requireUnlocked(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
            throws BranchException;

    /**
     * Whether what a query has read is committed.
     *
     * @param wait how long the coordinator may wait until it is; the request says so too
     * @param withdrawn as for {@link #register}
     * @throws RowLockConflictException it may be what an undecided global transaction has written
     * @throws BranchRefusedException the coordinator cannot tell; one of Seata never can
     * @throws CoordinatorSilentException no answer in time
     * @throws WaitWithdrawnException the wait was ended
     */
    ReadCheckResponse checkRead(ReadCheck read, Duration wait, CompletableFuture<?> withdrawn) throws BranchException;
}
