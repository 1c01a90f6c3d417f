package io.entente.simulation.invariant;

import io.entente.protocol.Message;
import io.entente.simulation.database.ModelDatabase;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.TransactionState;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** All of them, told of what happens by those to whom it happens. */
public final class Invariants {
    private final Violations violations;
    private final DurableFacts durable = new DurableFacts();
    private final Locks locks = new Locks();
    private final List<Invariant> all;
    private boolean changed;

    public Invariants(Ledger ledger, Violations violations) {
        this.violations = violations;
        all = List.of(
                new AcknowledgedDecisions(durable, ledger, violations),
                new DecisionsStand(violations),
                new LockExclusivity(locks, violations),
                new LocksHaveOwners(locks, violations),
                new FairQueues(locks, violations),
                new ReplayEqualsLive(violations),
                new UndoOrder(violations),
                new NoDirtyReads(durable, violations),
                new NoOverdraft(violations),
                new EverythingEnds(durable, violations),
                new Atomicity(durable, ledger, violations),
                new BankSum(violations),
                new NothingLeftBehind(durable, violations));
    }

    public Violations violations() {
        return violations;
    }

    private void tell(Consumer<Invariant> event) {
        all.forEach(event);
    }

    /** A coordinator is about to recover from these entries. */
    public void onLeader(List<ByteBuffer> history) {
        locks.clear();
        history.forEach(entry -> DurableFacts.forEach(entry.duplicate(), locks::apply));
        changed = true;
        tell(Invariant::onLeader);
    }

    public void onFact(Fact fact) {
        tell(each -> each.onFact(fact));
        locks.apply(fact);
        changed = true;
    }

    /** @param commands how many commands were taken */
    public void onTurn(TransactionState state, int commands) {
        if (changed || commands > 0) {
            changed = false;
            tell(each -> each.onTurn(state));
        }
    }

    public void onDurable(ByteBuffer entry) {
        DurableFacts.forEach(entry, fact -> {
            tell(each -> each.onDurable(fact));
            durable.add(fact);
        });
    }

    public void onAnswer(Command command, Message.Response answer) {
        tell(each -> each.onAnswer(command, answer));
    }

    public void onOrder(Message order) {
        if (order instanceof Message.TransactionRequest request) {
            tell(each -> each.onOrder(request));
        }
    }

    public void onLeaderEnd(TransactionState last, List<ByteBuffer> entriesBefore, List<ByteBuffer> appended) {
        tell(each -> each.onLeaderEnd(last, entriesBefore, appended));
    }

    public void onEffect(Effect effect) {
        tell(each -> each.onEffect(effect));
    }

    public void onUndone(Effect effect) {
        tell(each -> each.onUndone(effect));
    }

    public void onCommit(ModelDatabase database, Collection<String> keys) {
        tell(each -> each.onCommit(database, keys));
    }

    public void onIsolatedRead(String xid, ModelDatabase database, List<String> keys) {
        tell(each -> each.onIsolatedRead(xid, database, keys));
    }

    public void onEnd(EndOfRun end) {
        tell(each -> each.onEnd(end));
    }
}
