package io.entente.tm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Binds a global transaction to the current thread.
 *
 * <p>Every binding is undone by closing the {@link Scope} that made it, which restores what was bound before. The
 * bound XID is also in the logging context (MDC) under {@link #MDC_KEY}.
 */
public final class TransactionContext {

    /** Logging-context key of the bound XID. The name is the one Seata users have in their log patterns. */
    public static final String MDC_KEY = "X-TX-XID";

    private static final ThreadLocal<@Nullable Frame> CURRENT = new ThreadLocal<>();

    private TransactionContext() {}

    /** The XID of the global transaction on this thread, or null outside of one. */
    public static @Nullable String xid() {
        BoundTransaction transaction = transaction();
        return transaction == null ? null : transaction.xid();
    }

    /**
     * The XID that statements on this thread belong to: {@link #xid}, or null within {@link #localWork}. For data
     * source proxies.
     */
    public static @Nullable String enlistedXid() {
        Frame frame = CURRENT.get();
        return frame == null || frame.localWork() ? null : xid();
    }

    /** Whether statements on this thread must not touch rows of global transactions, though they belong to none. */
    public static boolean requiresGlobalLock() {
        Frame frame = CURRENT.get();
        return frame != null && frame.globalLock() && !frame.localWork();
    }

    /** Whether a global transaction is bound to this thread. */
    public static boolean isActive() {
        return transaction() != null;
    }

    /** How long to wait for row locks, as said by the innermost {@code @GlobalTransactional} that names one; null for the default. */
    public static @Nullable Duration lockWait() {
        Frame frame = CURRENT.get();
        return frame == null ? null : frame.lockWait();
    }

    /**
     * Whether queries on this thread may only see what is committed globally, see {@link GlobalIsolation}. For data source
     * proxies.
     */
    public static boolean readsCommitted() {
        Frame frame = CURRENT.get();
        return frame != null
                && frame.isolation() == GlobalIsolation.READ_COMMITTED
                && !frame.localWork()
                && (frame.transaction() != null || frame.globalLock());
    }

    /**
     * Joins this thread to a global transaction that was begun elsewhere. Binding the XID that is already bound
     * keeps its rollback-only mark. Closing the outermost scope ends the work of this process, see {@link #beforeEnd}, and
     * throws {@link WorkNotEndedException} when that fails.
     *
     * @throws IllegalArgumentException when {@code xid} is blank
     */
    public static Scope bind(String xid) {
        if (xid.isBlank()) {
            throw new IllegalArgumentException("A blank XID cannot be bound. Pass the XID the coordinator gave out.");
        }
        Frame frame = CURRENT.get();
        BoundTransaction bound = frame == null ? null : frame.transaction();
        if (frame != null && bound != null && bound.xid().equals(xid)) {
            return enter(bound, frame.lockWait(), frame.isolation(), frame.votesWaived());
        }
        return enter(
                new Frame(BoundTransaction.joined(xid), null, GlobalIsolation.DEFAULT, false, false, false, frame),
                true);
    }

    /** Takes the global transaction off this thread until the returned scope is closed. */
    public static Scope suspend() {
        return enter(null, null, GlobalIsolation.DEFAULT, false);
    }

    /**
     * Until the returned scope is closed, statements on this thread wait for rows of global transactions, though they belong
     * to none; what {@link GlobalLock} does. In a global transaction only the wait and the isolation change.
     *
     * @param lockWait longest wait; null for the one that is in force, or the default
     * @throws IllegalArgumentException the wait is negative or longer than a day
     */
    public static Scope underGlobalLock(@Nullable Duration lockWait) {
        return underGlobalLock(lockWait, GlobalIsolation.DEFAULT);
    }

    /**
     * As {@link #underGlobalLock(Duration)}, for queries that see of global transactions what {@code isolation} says.
     *
     * @param isolation {@code DEFAULT} for the one that is in force
     */
    public static Scope underGlobalLock(@Nullable Duration lockWait, GlobalIsolation isolation) {
        if (lockWait != null) {
            TransactionOptions.requireLockWait("The lock wait", lockWait);
        }
        Frame frame = CURRENT.get();
        Duration wait = lockWait == null && frame != null ? frame.lockWait() : lockWait;
        GlobalIsolation wanted = isolation == GlobalIsolation.DEFAULT && frame != null ? frame.isolation() : isolation;
        return frame != null && frame.transaction() != null
                ? enterLike(frame, wait, wanted)
                : enter(new Frame(null, wait, wanted, false, frame != null && frame.localWork(), true, frame));
    }

    /**
     * Until the returned scope is closed, data source proxies leave statements on this thread alone, because the
     * application itself undoes what it does here, as in the try of a TCC action. The XID stays bound and travels with
     * calls to other services. Without a transaction nothing changes.
     */
    public static Scope localWork() {
        Frame frame = CURRENT.get();
        return frame == null
                ? enter(null, null, GlobalIsolation.DEFAULT, false)
                : enter(new Frame(
                        frame.transaction(),
                        frame.lockWait(),
                        frame.isolation(),
                        frame.votesWaived(),
                        true,
                        frame.globalLock(),
                        frame));
    }

    /**
     * Until the returned scope is closed, the failure of a participant called within it, in this process or another,
     * does not force the transaction to roll back: the caller deals with the failure itself. What the participant
     * changed before it failed, and committed locally, is then committed with the rest.
     *
     * @throws IllegalStateException outside a global transaction
     */
    public static Scope waiveVotes() {
        Frame frame = CURRENT.get();
        if (frame == null || frame.transaction() == null) {
            throw outside("waiveVotes()");
        }
        return enter(frame.transaction(), frame.lockWait(), frame.isolation(), true);
    }

    /**
     * From now on the transaction on this thread can only roll back: the commit of its owner in this process becomes
     * a rollback and throws; in a participant the mark travels back to the caller with the response. The first reason
     * is kept.
     *
     * @param reason what went wrong, for the exception the owner gets
     * @throws IllegalStateException outside a global transaction
     */
    public static void setRollbackOnly(String reason) {
        BoundTransaction transaction = transaction();
        if (transaction == null) {
            throw outside("setRollbackOnly(\"" + reason + "\")");
        }
        transaction.setRollbackOnly(reason);
    }

    /** Why the transaction on this thread can only roll back; null when it can commit or when there is none. */
    public static @Nullable String rollbackOnlyReason() {
        BoundTransaction transaction = transaction();
        return transaction == null ? null : transaction.rollbackOnlyReason();
    }

    /**
     * Registers {@code hook} for the rest of the transaction on this thread.
     *
     * @throws IllegalStateException outside a global transaction, or when another process owns it and nobody here
     *     would ever call the hook
     */
    public static void addHook(TransactionHook hook) {
        BoundTransaction transaction = transaction();
        if (transaction == null) {
            throw outside("addHook(…)");
        }
        if (!transaction.isOwned()) {
            throw new IllegalStateException("addHook(…) in a participant: global transaction " + transaction.xid()
                    + " was begun by another process, and only that process commits it and calls hooks."
                    + " Register the hook there.");
        }
        transaction.addHook(hook);
    }

    /**
     * Registers what is left to do when the work of this process for the transaction on this thread ends: before its owner
     * asks for commit, before a participant answers its caller, or when the scope that joined it closes. Once each, and not
     * when the transaction can only roll back.
     *
     * @throws IllegalStateException outside a global transaction
     */
    public static void beforeEnd(EndOfWork end) {
        BoundTransaction transaction = transaction();
        if (transaction == null) {
            throw outside("beforeEnd(…)");
        }
        transaction.beforeEnd(end);
    }

    /** Takes along what is bound to this thread, for another thread. */
    public static CapturedTransaction capture() {
        return new CapturedTransaction(CURRENT.get());
    }

    private static IllegalStateException outside(String call) {
        return new IllegalStateException("TransactionContext." + call + " outside a global transaction."
                + " Call it where TransactionContext.isActive() is true.");
    }

    static @Nullable BoundTransaction transaction() {
        Frame frame = CURRENT.get();
        return frame == null ? null : frame.transaction();
    }

    static @Nullable Frame frame() {
        return CURRENT.get();
    }

    /** Adds a binding; a null transaction suspends. */
    static Scope enter(
            @Nullable BoundTransaction transaction,
            @Nullable Duration lockWait,
            GlobalIsolation isolation,
            boolean votesWaived) {
        Frame hidden = CURRENT.get();
        // Whoever joins the same transaction within local work is a part of that work.
        boolean localWork =
                hidden != null && hidden.localWork() && transaction != null && transaction.equals(hidden.transaction());
        return enter(new Frame(transaction, lockWait, isolation, votesWaived, localWork, false, hidden));
    }

    /** Binds what {@code captured}, possibly of another thread, binds. */
    static Scope enterLike(Frame captured, @Nullable Duration lockWait, GlobalIsolation isolation) {
        return enter(new Frame(
                captured.transaction(),
                lockWait,
                isolation,
                captured.votesWaived(),
                captured.localWork(),
                captured.globalLock(),
                CURRENT.get()));
    }

    private static Scope enter(Frame frame) {
        return enter(frame, false);
    }

    private static Scope enter(Frame frame, boolean joins) {
        install(frame);
        return new Scope(frame, Thread.currentThread(), joins);
    }

    /** Makes {@code frame}, possibly one of another thread, the present one; null clears the thread. */
    static void install(@Nullable Frame frame) {
        if (frame == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(frame);
        }
        BoundTransaction transaction = frame == null ? null : frame.transaction();
        if (transaction == null) {
            MDC.remove(MDC_KEY);
        } else {
            MDC.put(MDC_KEY, transaction.xid());
        }
    }

    /** One binding on top of those it hides; identity matters, for one transaction can be bound several times. */
    static final class Frame {
        private final @Nullable BoundTransaction transaction;
        private final @Nullable Duration lockWait;
        private final GlobalIsolation isolation;
        private final boolean votesWaived;
        private final boolean localWork;
        private final boolean globalLock;
        private final @Nullable Frame hidden;

        private Frame(
                @Nullable BoundTransaction transaction,
                @Nullable Duration lockWait,
                GlobalIsolation isolation,
                boolean votesWaived,
                boolean localWork,
                boolean globalLock,
                @Nullable Frame hidden) {
            this.transaction = transaction;
            this.lockWait = lockWait;
            this.isolation = isolation;
            this.votesWaived = votesWaived;
            this.localWork = localWork;
            this.globalLock = globalLock;
            this.hidden = hidden;
        }

        /** Null when this frame suspends what it hides. */
        @Nullable
        BoundTransaction transaction() {
            return transaction;
        }

        @Nullable
        Duration lockWait() {
            return lockWait;
        }

        GlobalIsolation isolation() {
            return isolation;
        }

        boolean votesWaived() {
            return votesWaived;
        }

        boolean localWork() {
            return localWork;
        }

        boolean globalLock() {
            return globalLock;
        }
    }

    /** Ends a binding. */
    public static final class Scope implements AutoCloseable {

        private final Frame frame;
        private final Thread thread;
        private final boolean joins;

        private Scope(Frame frame, Thread thread, boolean joins) {
            this.frame = frame;
            this.thread = thread;
            this.joins = joins;
        }

        /**
         * Restores what was bound before. Bindings made since and not closed end with this one, so that a leaked
         * inner scope cannot outlive its outer one; closing again does nothing.
         *
         * @throws IllegalStateException on another thread than the one that made the binding
         * @throws WorkNotEndedException this scope joined the transaction, and what was done for it cannot be committed
         */
        @Override
        public void close() {
            if (!Thread.currentThread().equals(thread)) {
                throw new IllegalStateException("A transaction scope of thread " + thread.getName()
                        + " was closed on thread " + Thread.currentThread().getName()
                        + ". Close it on the thread that opened it, with try-with-resources.");
            }
            for (Frame at = CURRENT.get(); at != null; at = at.hidden) {
                if (at.equals(frame)) {
                    install(frame.hidden);
                    if (joins && frame.transaction != null) {
                        frame.transaction.endWork();
                    }
                    return;
                }
            }
        }
    }
}
