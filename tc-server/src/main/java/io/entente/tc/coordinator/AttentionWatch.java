package io.entente.tc.coordinator;

import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.OperatorAction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log, the metrics and whoever else wants to know when transactions begin to need an operator, and when that
 * ends. Belongs to the coordinator's thread.
 */
final class AttentionWatch {
    private static final Logger log = LoggerFactory.getLogger(AttentionWatch.class);

    private final TransactionState state;
    private final CoordinatorObserver observer;
    private final Consumer<AttentionNotice> listener;
    /** Lets something out to the world once the facts of this moment are durable. */
    private final Consumer<Runnable> afterDurable;
    /** Told when the facts of the command are applied, as the phase is one of its own. */
    private final List<Fact.BranchStuck> begun = new ArrayList<>();

    AttentionWatch(
            TransactionState state,
            CoordinatorObserver observer,
            Consumer<AttentionNotice> listener,
            Consumer<Runnable> afterDurable) {
        this.state = state;
        this.observer = observer;
        this.listener = listener;
        this.afterDurable = afterDurable;
    }

    /** Has to be told of each fact before it is applied. */
    void beforeFact(Fact fact) {
        if (fact instanceof Fact.BranchStuck stuck) {
            begun.add(stuck);
        } else if (fact instanceof Fact.TransactionMoved moved) {
            GlobalTransaction transaction = state.transaction(moved.transactionId());
            if (transaction != null && transaction.phase().needsAttention()) {
                tell();
                ended(transaction, moved);
            }
        }
    }

    private void ended(GlobalTransaction transaction, Fact.TransactionMoved moved) {
        long millis = Math.max(0, moved.at() - transaction.phaseSince());
        String how = how(transaction);
        Phase next = transaction.phase().after(moved.move());
        log.info(
                "{} ('{}' of {}) no longer needs attention, after {} ms: {}",
                transaction.xid(),
                transaction.name(),
                transaction.applicationId(),
                millis,
                how);
        observer.onAttentionEnded(millis);
        AttentionNotice notice =
                AttentionNotice.ended(transaction, next == null ? transaction.phase() : next, moved.at(), millis, how);
        afterDurable.accept(() -> listener.accept(notice));
    }

    private static String how(GlobalTransaction transaction) {
        List<OperatorAction> actions = transaction.actions();
        OperatorAction last = actions.isEmpty() ? null : actions.get(actions.size() - 1);
        return last == null || last.at() < transaction.phaseSince()
                ? "a late answer of its resource manager"
                : last.resolution() + (last.by().isEmpty() ? "" : " by " + printable(last.by()));
    }

    /** To be called when the facts of a command are applied. */
    void tell() {
        for (Fact.BranchStuck stuck : begun) {
            GlobalTransaction transaction = state.transaction(stuck.transactionId());
            Branch branch = transaction == null ? null : transaction.branch(stuck.branchId());
            if (transaction == null || branch == null) {
                continue;
            }
            log.error(
                    "{} ('{}' of {}) needs attention: branch {}: {}: {}",
                    transaction.xid(),
                    transaction.name(),
                    transaction.applicationId(),
                    stuck.branchId(),
                    stuck.why(),
                    stuck.reason());
            AttentionNotice notice = AttentionNotice.began(transaction, branch, stuck);
            afterDurable.accept(() -> listener.accept(notice));
        }
        begun.clear();
    }

    /** One line stays one line, whoever sent it. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
