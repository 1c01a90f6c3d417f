package io.entente.simulation.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.simulation.database.Account;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.world.World;
import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.LockQueues;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each of those that no seeded bug breaks sees what it is for. */
class InvariantsTest {
    private final Violations violations = new Violations();
    private final Ledger ledger = new Ledger();
    private final Invariants invariants = new Invariants(ledger, violations);

    private static Fact begun(long id) {
        return new Fact.TransactionBegun(id, "tc:" + id, "shop", "g", "purchase", 1_000, 0);
    }

    private static Fact registered(long transactionId, long branchId, String lockKey) {
        return new Fact.BranchRegistered(transactionId, branchId, BranchType.AT, "db", "shop:h:1", lockKey, "", 0);
    }

    private void foundBy(String invariant) {
        assertThat(violations.found()).extracting(Violation::invariant).contains(invariant);
    }

    @Test
    void who_overtakes_somebody_that_waits_is_seen() {
        TransactionState state = new TransactionState();
        for (Fact fact : List.of(begun(1), begun(2), begun(3), registered(1, 11, "t:1"))) {
            invariants.onFact(fact);
            state.apply(fact);
        }
        state.queues().add(new LockQueues.Waiter(1, 2, LockKeyText.parse("db", "t:1"), Map.of()));
        invariants.onTurn(state, 1);
        assertThat(violations.found()).isEmpty();
        for (Fact fact : List.of(new Fact.BranchFinished(1, 11), registered(3, 31, "t:1"))) {
            invariants.onFact(fact);
            state.apply(fact);
        }
        invariants.onTurn(state, 1);
        foundBy("FairQueues");
    }

    @Test
    void a_row_for_two_is_seen() {
        List.of(begun(1), begun(2), registered(1, 11, "%(n-)t:1"), registered(2, 21, "%(n-)t:1"))
                .forEach(invariants::onFact);
        assertThat(violations.found()).isEmpty();
        invariants.onFact(registered(2, 22, "%(n+)t:1"));
        foundBy("LockExclusivity");
    }

    @Test
    void a_second_decision_is_seen() {
        DecisionsStand decisions = new DecisionsStand(violations);
        decisions.onDurable(new Fact.TransactionMoved(1, Phase.Move.DECIDE_COMMIT, 0));
        decisions.onDurable(new Fact.TransactionMoved(1, Phase.Move.TIME_OUT, 0));
        foundBy("DecisionsStand");
    }

    @Test
    void a_branch_after_the_decision_is_seen() {
        DecisionsStand decisions = new DecisionsStand(violations);
        decisions.onDurable(new Fact.TransactionMoved(1, Phase.Move.DECIDE_COMMIT, 0));
        decisions.onDurable(registered(1, 11, ""));
        foundBy("DecisionsStand");
    }

    @Test
    void a_state_that_is_not_that_of_the_log_is_seen() {
        TransactionState state = new TransactionState();
        state.apply(begun(1));
        invariants.onLeaderEnd(state, List.of(), List.of());
        foundBy("ReplayEqualsLive");
    }

    @Test
    void an_earlier_branch_that_is_undone_before_a_later_one_is_seen() {
        invariants.onEffect(new Effect("tc:1", 11, BranchType.AT, "db"));
        invariants.onEffect(new Effect("tc:1", 12, BranchType.AT, "other"));
        invariants.onEffect(new Effect("tc:1", 13, BranchType.AT, "db"));
        invariants.onUndone(new Effect("tc:1", 12, BranchType.AT, "other"));
        assertThat(violations.found()).isEmpty();
        invariants.onUndone(new Effect("tc:1", 11, BranchType.AT, "db"));
        foundBy("UndoOrder");
    }

    @Test
    void what_needs_attention_for_no_reason_is_seen() {
        new EverythingEnds(new DurableFacts(), violations)
                .onDurable(new Fact.BranchStuck(1, 11, AttentionReason.CONFLICT, " ", 0));
        foundBy("EverythingEnds");
    }

    @Test
    void money_that_is_missing_is_seen() {
        ModelDatabase database = new ModelDatabase("db", World.of(new Random(1)));
        database.fill("at1", Account.of(9));
        invariants.onEnd(new EndOfRun(new TransactionState(), List.of(database), 10));
        foundBy("BankSum");
    }
}
