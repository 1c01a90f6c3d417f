package io.entente.rm.branch;

import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRefusedException;
import io.entente.tm.branch.CoordinatorSilentException;
import io.entente.tm.branch.RowLockConflictException;

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
     * @param autoCommit whether the RM opened the local transaction itself, so that it can give up the database's row
     *     locks while it waits; false when the application holds it open
     * @return the branch id
     * @throws RowLockConflictException another global transaction holds one of the rows
     * @throws BranchRefusedException the global transaction is unknown, not active any more, or the coordinator cannot
     *     take the branch for another reason
     * @throws CoordinatorSilentException no answer in time: the branch may or may not be registered
     */
    long register(String xid, String resourceId, String lockKey, boolean autoCommit) throws BranchException;

    /** Tells that phase one did not commit locally after all, so that phase two can skip the branch. Best effort. */
    void reportPhaseOneFailed(String xid, long branchId, String resourceId);

    /**
     * Whether no other global transaction holds any of these rows. Takes no lock.
     *
     * @throws BranchRefusedException the coordinator cannot tell
     * @throws CoordinatorSilentException no answer in time
     */
    boolean lockable(String xid, String resourceId, String lockKey) throws BranchException;
}
