package io.entente.simulation.seam;

import io.entente.simulation.database.FenceRow;
import io.entente.simulation.database.UndoRow;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.TransactionState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The places between the coordinator and what surrounds it. Here nothing is changed at any of them. */
public interface Seams {
    /** All is as it should be. */
    Seams NONE = new Seams() {};

    /** The log as a coordinator gets it. */
    default TransactionLog log(TransactionLog log) {
        return log;
    }

    /** A resource manager's answer as the coordinator gets it. */
    default Command.BranchAnswered answered(Command.BranchAnswered answer, TransactionState state) {
        return answer;
    }

    /** In which order the changes of a branch are undone. */
    default List<UndoRow.RowChange> toUndo(List<UndoRow.RowChange> backwards) {
        return backwards;
    }

    /** What the fence of a branch tells. */
    default @Nullable FenceRow fence(@Nullable FenceRow row) {
        return row;
    }

    /** Whether an application answers an order before it has committed what it was ordered. */
    default boolean answersEarly() {
        return false;
    }

    /** Whether an AT branch commits locally before it is registered. */
    default boolean commitsFirst() {
        return false;
    }

    /** The lock key as the coordinator gets it. */
    default String lockKey(String lockKey) {
        return lockKey;
    }
}
