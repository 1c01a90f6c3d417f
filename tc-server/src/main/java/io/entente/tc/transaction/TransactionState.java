package io.entente.tc.transaction;

import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.LockQueues;
import io.entente.tc.lock.LockTable;
import io.entente.tc.lock.SharedTexts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that the coordinator knows: the global transactions that have not ended, the row locks, and how the latest
 * transactions ended. Not thread-safe: it belongs to the coordinator's one thread.
 */
public final class TransactionState {
    /**
     * How many ended transactions are remembered, so that a client that asks again after a lost answer gets the truth. A
     * number and not a time, because replaying the log must forget exactly what was forgotten before.
     */
    static final int REMEMBERED_OUTCOMES = 1 << 18;

    private final Map<Long, GlobalTransaction> transactions = new HashMap<>();
    private final LockTable locks = new LockTable();
    private final LockQueues queues = new LockQueues();
    private final SharedTexts names = new SharedTexts();
    private final LinkedHashMap<Long, Phase> outcomes = new LinkedHashMap<>();
    private long nextId;
    private final Set<Long> needingAttention = new LinkedHashSet<>();
    private long bytes;
    private long latest;
    private final EndedActions endedActions = new EndedActions();

    /** The id that the next transaction or branch gets; 0 before the first fact. */
    public long nextId() {
        return nextId;
    }

    public LockTable locks() {
        return locks;
    }

    /**
     * Who waits for rows. Not part of what facts tell: whoever waited for an answer when the coordinator died will ask
     * again.
     */
    public LockQueues queues() {
        return queues;
    }

    public @Nullable GlobalTransaction transaction(long id) {
        return transactions.get(id);
    }

    /** Every transaction that has not ended. */
    public Collection<GlobalTransaction> transactions() {
        return Collections.unmodifiableCollection(transactions.values());
    }

    /** How many transactions cannot end without an operator. */
    public int needingAttention() {
        return needingAttention.size();
    }

    /** The transactions that cannot end without an operator, in the order in which they came to that. */
    public List<GlobalTransaction> inNeedOfAttention() {
        return needingAttention.stream().map(this::existing).toList();
    }

    /** What operators had done about a transaction that has ended; empty when nothing, or when it is forgotten. */
    public List<OperatorAction> actionsOfEnded(long id) {
        return endedActions.of(id);
    }

    /** How a transaction ended, null when it did not, or is forgotten, or never was. */
    public @Nullable Phase outcome(long id) {
        return outcomes.get(id);
    }

    /** Roughly what open transactions take of the heap, their branches and row locks, and what is kept for operators. */
    public long bytes() {
        return bytes;
    }

    /** The latest time that a fact has told, in epoch millis; 0 when none has. */
    public long latest() {
        return latest;
    }

    /** Makes {@code fact} true. */
    public void apply(Fact fact) {
        long subject = fact.transactionId();
        long before = weight(subject);
        make(fact);
        latest = Math.max(latest, fact.at());
        bytes += weight(subject) - before;
    }

    private long weight(long transactionId) {
        GlobalTransaction transaction = transactions.get(transactionId);
        return transaction == null ? 0 : transaction.weight();
    }

    private void make(Fact fact) {
        if (fact instanceof Fact.TransactionBegun begun) {
            begin(begun);
        } else if (fact instanceof Fact.BranchRegistered registered) {
            register(registered);
        } else if (fact instanceof Fact.TransactionMoved moved) {
            move(moved);
        } else if (fact instanceof Fact.BranchFinished finished) {
            GlobalTransaction transaction = existing(finished.transactionId());
            Branch branch = existing(transaction, finished.branchId());
            locks.releaseUndone(transaction.id(), branch.rows());
            transaction.remove(branch);
        } else if (fact instanceof Fact.BranchStuck stuck) {
            existing(stuck.transactionId()).attention().stuck(stuck);
        } else if (fact instanceof Fact.ConflictReported reported) {
            existing(reported.transactionId()).attention().conflict(reported);
        } else if (fact instanceof Fact.ResolutionChosen chosen) {
            existing(chosen.transactionId()).attention().chosen(chosen);
        } else if (fact instanceof Fact.ActionEnded ended) {
            existing(ended.transactionId()).attention().ended(ended);
        } else if (fact instanceof Fact.ActionRemembered remembered) {
            remember(remembered);
        } else if (fact instanceof Fact.NoticeConfirmed confirmed) {
            existing(confirmed.transactionId()).attention().confirmed(confirmed);
        } else if (fact instanceof Fact.LocksReleased released) {
            letGo(released);
        } else if (fact instanceof Fact.LocksTakenAgain taken) {
            takeAgain(taken);
        } else if (fact instanceof Fact.BranchDataChanged changed) {
            GlobalTransaction transaction = existing(changed.transactionId());
            transaction.replace(
                    existing(transaction, changed.branchId()).withApplicationData(changed.applicationData()));
        } else if (fact instanceof Fact.RegistrationKnown known) {
            existing(known.transactionId()).know(known);
        } else if (fact instanceof Fact.CoordinatorFounded founded) {
            nextId = founded.firstId();
        } else if (fact instanceof Fact.OutcomeRemembered remembered) {
            remember(remembered.transactionId(), remembered.end());
        }
    }

    private void letGo(Fact.LocksReleased fact) {
        GlobalTransaction transaction = existing(fact.transactionId());
        Branch branch = existing(transaction, fact.branchId());
        // Readers of committed data see them from now on, as an operator has decided.
        locks.releaseCommitted(transaction.id(), List.of(branch.rows()));
        transaction.replace(branch.withRows(List.of()));
        transaction.attention().released(branch.id(), LockKeyText.parse(branch.resourceId(), fact.lockKey()));
    }

    private void takeAgain(Fact.LocksTakenAgain fact) {
        GlobalTransaction transaction = existing(fact.transactionId());
        Branch branch = existing(transaction, fact.branchId());
        transaction.replace(branch.withRows(locks.acquire(transaction.id(), transaction.releasedRows(branch.id()))));
        transaction.attention().taken(branch.id());
    }

    private void remember(Fact.ActionRemembered fact) {
        GlobalTransaction open = transactions.get(fact.transactionId());
        if (open == null) {
            endedActions.add(fact.transactionId(), List.of(fact.action()));
        } else {
            open.attention().add(fact.action());
        }
    }

    private void begin(Fact.TransactionBegun fact) {
        transactions.put(
                fact.id(),
                new GlobalTransaction(new Fact.TransactionBegun(
                        fact.id(),
                        fact.xid(),
                        names.share(fact.applicationId()),
                        names.share(fact.group()),
                        names.share(fact.name()),
                        fact.timeoutMillis(),
                        fact.at())));
        nextId = Math.max(nextId, fact.id() + 1);
    }

    private void register(Fact.BranchRegistered fact) {
        GlobalTransaction transaction = existing(fact.transactionId());
        var rows = locks.acquire(transaction.id(), LockKeyText.parse(fact.resourceId(), fact.lockKey()));
        transaction.add(new Branch(
                fact.branchId(),
                fact.type(),
                names.share(fact.resourceId()),
                names.share(fact.clientId()),
                rows,
                names.share(fact.applicationData()),
                fact.at()));
        nextId = Math.max(nextId, fact.branchId() + 1);
    }

    private void move(Fact.TransactionMoved fact) {
        GlobalTransaction transaction = existing(fact.transactionId());
        Phase next = transaction.phase().after(fact.move());
        if (next == null) {
            throw new IllegalStateException("transaction " + transaction.xid() + " is " + transaction.phase()
                    + ", from where there is no " + fact.move());
        }
        if (next.needsAttention()) {
            needingAttention.add(transaction.id());
        } else {
            needingAttention.remove(transaction.id());
        }
        transaction.enter(next, fact.at());
        if (fact.move() == Phase.Move.DECIDE_COMMIT) {
            // Nothing will be undone any more, so other transactions may build on these rows at once.
            List<Branch> branches = List.copyOf(transaction.branches());
            locks.releaseCommitted(
                    transaction.id(), branches.stream().map(Branch::rows).toList());
            branches.forEach(branch -> transaction.replace(branch.withRows(List.of())));
        } else if (next.isEnd()) {
            transactions.remove(transaction.id());
            endedActions.add(transaction.id(), transaction.actions());
            remember(transaction.id(), next);
        }
    }

    private void remember(long id, Phase end) {
        outcomes.put(id, end);
        if (outcomes.size() > REMEMBERED_OUTCOMES) {
            var eldest = outcomes.keySet().iterator();
            endedActions.forget(eldest.next());
            eldest.remove();
        }
    }

    private GlobalTransaction existing(long id) {
        GlobalTransaction transaction = transactions.get(id);
        if (transaction == null) {
            throw new IllegalStateException("a fact speaks of transaction " + id + ", which does not exist");
        }
        return transaction;
    }

    private static Branch existing(GlobalTransaction transaction, long branchId) {
        Branch branch = transaction.branch(branchId);
        if (branch == null) {
            throw new IllegalStateException(
                    "a fact speaks of branch " + branchId + ", which " + transaction.xid() + " does not have");
        }
        return branch;
    }

    /** The facts from which an empty state becomes this one: a snapshot. */
    public void describe(Consumer<Fact> facts) {
        facts.accept(new Fact.CoordinatorFounded(nextId));
        outcomes.forEach((id, end) -> facts.accept(new Fact.OutcomeRemembered(id, end)));
        endedActions.describe(facts);
        List<GlobalTransaction> inOrder = new ArrayList<>(transactions.values());
        inOrder.sort(Comparator.comparingLong(GlobalTransaction::id));
        for (GlobalTransaction transaction : inOrder) {
            describe(transaction, facts);
        }
        // The ids above may be smaller than the next one that is free.
        facts.accept(new Fact.CoordinatorFounded(nextId));
    }

    private static void describe(GlobalTransaction transaction, Consumer<Fact> facts) {
        long id = transaction.id();
        facts.accept(transaction.begun());
        for (Branch branch : transaction.branches()) {
            facts.accept(new Fact.BranchRegistered(
                    id,
                    branch.id(),
                    branch.type(),
                    branch.resourceId(),
                    branch.clientId(),
                    LockKeyText.format(branch.rows()),
                    branch.applicationData(),
                    branch.registeredAt()));
        }
        for (Phase.Move move : pathTo(transaction.phase())) {
            facts.accept(new Fact.TransactionMoved(id, move, transaction.phaseSince()));
        }
        transaction
                .registrations()
                .forEach((registration, branchId) ->
                        facts.accept(new Fact.RegistrationKnown(id, branchId, registration)));
        transaction.attention().describe(id, facts);
    }

    private static List<Phase.Move> pathTo(Phase phase) {
        return switch (phase) {
            case ACTIVE -> List.of();
            case COMMITTING -> List.of(Phase.Move.DECIDE_COMMIT);
            case ROLLING_BACK -> List.of(Phase.Move.DECIDE_ROLLBACK);
            case TIMEOUT_ROLLING_BACK -> List.of(Phase.Move.TIME_OUT);
            case COMMIT_NEEDS_ATTENTION -> List.of(Phase.Move.DECIDE_COMMIT, Phase.Move.GIVE_UP);
            case ROLLBACK_NEEDS_ATTENTION -> List.of(Phase.Move.DECIDE_ROLLBACK, Phase.Move.GIVE_UP);
            case TIMEOUT_ROLLBACK_NEEDS_ATTENTION -> List.of(Phase.Move.TIME_OUT, Phase.Move.GIVE_UP);
            case COMMITTED, ROLLED_BACK, TIMEOUT_ROLLED_BACK ->
                throw new IllegalStateException("an ended transaction is remembered by its outcome");
        };
    }
}
