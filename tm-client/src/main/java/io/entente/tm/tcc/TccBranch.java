package io.entente.tm.tcc;

import io.entente.tm.CapturedTransaction;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.fence.FencedBranch;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The branch that a try, confirm or cancel runs for. Its three values are the same in all three calls and in every
 * repetition, so that together they are an idempotency key for systems without a fence.
 */
public final class TccBranch {

    private static final ThreadLocal<@Nullable TccBranch> CURRENT = new ThreadLocal<>();

    private final BranchRegistration registration;
    private final long branchId;
    private final CapturedTransaction transaction;
    private final AtomicBoolean failed = new AtomicBoolean();
    private @Nullable Connection connection;

    TccBranch(BranchRegistration registration, long branchId, CapturedTransaction transaction) {
        this.registration = registration;
        this.branchId = branchId;
        this.transaction = transaction;
    }

    /**
     * The branch this thread runs a try, confirm or cancel for.
     *
     * @throws IllegalStateException in any other place
     */
    public static TccBranch current() {
        TccBranch branch = CURRENT.get();
        if (branch == null) {
            throw new IllegalStateException(
                    "TccBranch.current() outside of a TCC action. Call it in the try, confirm or cancel, on the thread that"
                            + " was called.");
        }
        return branch;
    }

    /** The XID of the global transaction; in confirm and cancel it is bound to the thread no more. */
    public String xid() {
        return registration.xid();
    }

    /** Number of the branch, unique at its coordinator. */
    public long branchId() {
        return branchId;
    }

    /** Name of the action. */
    public String action() {
        return registration.resourceId();
    }

    /**
     * The local transaction that the row of the fence is written in, for business statements over plain JDBC; not to be
     * committed, rolled back or closed.
     *
     * @throws IllegalStateException when the action is not fenced
     */
    public Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("TCC action " + action()
                    + " is not fenced, so that there is no local transaction around it. Open a connection yourself, or fence"
                    + " the action.");
        }
        return open;
    }

    FencedBranch fenced() {
        return new FencedBranch(xid(), branchId, action());
    }

    BranchRegistration registration() {
        return registration;
    }

    CapturedTransaction transaction() {
        return transaction;
    }

    /** True the first time. */
    boolean markFailed() {
        return failed.compareAndSet(false, true);
    }

    /** A piece of work on behalf of this branch. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run() throws Exception;
    }

    /** Runs {@code work} with this as {@link #current()}. */
    <T extends @Nullable Object> T run(@Nullable Connection fenceConnection, Work<T> work) throws Exception {
        TccBranch outer = CURRENT.get();
        connection = fenceConnection;
        CURRENT.set(this);
        try {
            return work.run();
        } finally {
            connection = null;
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }

    static TccBranch inPhaseTwo(BranchRegistration registration, long branchId) {
        return new TccBranch(registration, branchId, TransactionContext.capture());
    }

    @Override
    public String toString() {
        return "xid=" + xid() + " branchId=" + branchId + " of " + action();
    }
}
