package io.entente.tc.coordinator;

import io.entente.protocol.Message;
import io.entente.protocol.transport.Rejection;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.TransactionState;
import java.util.List;

/** Watches the coordinator, for metrics. Called on its thread: must be quick and must not touch the state. */
public interface CoordinatorObserver {

    /**
     * The one that watches the coordinator of this group, of several in one process; each is called on a thread of its own. Not
     * asked where there is one group.
     */
    default CoordinatorObserver ofGroup(String group) {
        return this;
    }

    /** A fact was applied. */
    default void onFact(Fact fact) {}

    /** A command was answered. */
    default void onAnswer(Message.Response answer) {}

    /**
     * Somebody has waited for rows.
     *
     * @param millis how long
     */
    default void onLockWait(List<RowClaim> rows, long millis, WaitOutcome outcome) {}

    /** This process does not lead any more; what it held is gone. */
    default void onLeadEnded() {}

    /**
     * Somebody begins to wait for rows.
     *
     * @param ahead how many wait for the first of them already
     */
    default void onLockWaitBegun(List<RowClaim> rows, int ahead) {}

    /** A request was refused because others have this row; whether it had waited or not. */
    default void onLockConflict(RowKey row) {}

    /** A transaction no longer needs attention, after so many milliseconds. */
    default void onAttentionEnded(long millis) {}

    /**
     * A begin, or a branch, was refused because of one of {@code entente.tc.limits}. On any thread.
     *
     * @param limit its name
     */
    default void onRefused(String limit) {}
    /** A client was turned away. Called on I/O threads. */
    default void onRejected(Rejection reason) {}

    /** The thread has gone through what had piled up. */
    default void onTurn(TransactionState state, int commands, long phaseTwoFailures) {}
}
