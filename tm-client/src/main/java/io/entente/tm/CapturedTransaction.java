package io.entente.tm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was bound to a thread when it was captured, ready to be bound to another: a transaction, or the lack of one.
 * Where Micrometer context-propagation is in use this happens by itself.
 *
 * <p>The owner of the transaction must not commit before the other thread is done; work that comes later is refused
 * by the coordinator.
 */
public final class CapturedTransaction {

    private static final Logger log = LoggerFactory.getLogger(CapturedTransaction.class);

    private final TransactionContext.@Nullable Frame frame;

    CapturedTransaction(TransactionContext.@Nullable Frame frame) {
        this.frame = frame;
    }

    TransactionContext.@Nullable Frame frame() {
        return frame;
    }

    private @Nullable BoundTransaction transaction() {
        return frame == null ? null : frame.transaction();
    }

    /** The captured XID; null when there was no transaction. */
    public @Nullable String xid() {
        BoundTransaction transaction = transaction();
        return transaction == null ? null : transaction.xid();
    }

    /** Why the captured transaction can only roll back; null when it can commit or there is none. */
    public @Nullable String rollbackOnlyReason() {
        BoundTransaction transaction = transaction();
        return transaction == null ? null : transaction.rollbackOnlyReason();
    }

    /**
     * Ends the work that this process did for the captured transaction; without one nothing happens.
     *
     * @throws WorkNotEndedException it cannot be committed, and the transaction is marked rollback-only
     * @see TransactionContext#beforeEnd
     */
    public void endWork() {
        BoundTransaction transaction = transaction();
        if (transaction != null) {
            transaction.endWork();
        }
    }

    /** Binds to the current thread what was captured, until the scope is closed. */
    public TransactionContext.Scope bind() {
        return frame == null
                ? TransactionContext.suspend()
                : TransactionContext.enterLike(frame, frame.lockWait(), frame.isolation());
    }

    /**
     * As {@link #bind()}, with another lock wait unless {@code lockWait} is null, and another isolation unless it is the
     * default.
     */
    TransactionContext.Scope bindWith(@Nullable Duration lockWait, GlobalIsolation isolation) {
        return frame == null
                ? bind()
                : TransactionContext.enterLike(
                        frame,
                        lockWait == null ? frame.lockWait() : lockWait,
                        isolation == GlobalIsolation.DEFAULT ? frame.isolation() : isolation);
    }

    /**
     * A participant that was called within the captured transaction failed: the transaction can only roll back from
     * now on, unless the caller waived such votes. Nothing happens without a transaction.
     *
     * @param reason who failed and how, for the exception the owner gets
     * @see TransactionContext#waiveVotes()
     */
    public void vote(String reason) {
        BoundTransaction transaction = transaction();
        if (frame == null || transaction == null) {
            return;
        }
        if (frame.votesWaived()) {
            log.debug("Vote for rollback waived by the caller. xid={} reason={}", transaction.xid(), reason);
        } else {
            transaction.setRollbackOnly(reason);
        }
    }
}
