package io.entente.tc.coordinator;

import io.entente.protocol.Message;
import io.entente.tc.lock.Deadlock;
import io.entente.tc.lock.LockQueues;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.lock.RowLock;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Decision;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.LockPatience;
import io.entente.tc.transaction.LockRules;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for rows, each with its time. Nobody asks again and again: whatever frees a row, or ends the reason to
 * wait for it, has the ones concerned decided once more.
 *
 * <p>Belongs to the coordinator's thread.
 */
final class LockWaits {
    /** What those who wait may keep of memory; whoever comes beyond is answered at once, as if it had no patience. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final TransactionState state;
    private final LockQueues queues;
    private final Limits limits;
    private final CoordinatorObserver observer;
    private final End end;
    private final Map<Long, Waiting> byTicket = new HashMap<>();
    private final Map<Asker, Long> byAsker = new HashMap<>();
    private final DueTimes deadlines = new DueTimes();
    private final WaitingReads reads;

    /** Rows of which the first in the queue may get on; of those in {@code recall}, all have to be looked at. */
    private final Set<RowKey> freed = new LinkedHashSet<>();

    private final Set<RowKey> recall = new LinkedHashSet<>();
    private final Set<Long> decided = new LinkedHashSet<>();
    private long lastTicket;
    private long bytes;
    private boolean settling;

    /** What has to be done when a wait is over. */
    interface End {
        void end(Waiting waiting, Decision decision, WaitOutcome outcome, long now);
    }

    /**
     * Somebody who waits.
     *
     * @param asker where the answer goes; without the connection nobody wants it
     * @param since epoch millis
     * @param until epoch millis
     */
    record Waiting(LockQueues.Waiter waiter, Command command, Asker asker, Caller caller, long since, long until) {

        /** What is waited for. */
        List<RowClaim> rows() {
            return waiter.holders().isEmpty()
                    ? waiter.claims()
                    : waiter.holders().values().stream()
                            .map(RowClaim::exclusive)
                            .toList();
        }
    }

    LockWaits(TransactionState state, Limits limits, CoordinatorObserver observer, End end) {
        this.state = state;
        this.limits = limits;
        this.observer = observer;
        this.queues = state.queues();
        this.reads = new WaitingReads(state);
        this.end = end;
    }

    private static long patience(Command command) {
        if (command instanceof Command.RegisterBranch register) {
            return register.patience().waitMillis();
        }
        if (command instanceof Command.CheckRead check) {
            return check.patience().waitMillis();
        }
        return command instanceof Command.QueryLock query ? query.patience().waitMillis() : 0;
    }

    /** Lets whoever gave the command wait; false when it cannot, and has to take the decision's answer. */
    boolean await(Command command, Decision decision, Asker asker, Caller caller, long now) {
        Decision.Wait wait = decision.waitFor();
        long patience = patience(command);
        if (wait == null || patience <= 0 || !hasRoom(command, wait.claims())) {
            return false;
        }
        long ticket = ++lastTicket;
        // Readers outside of global transactions are nobody's, and not each other's either.
        long transactionId = wait.transactionId() < 0 ? -1 - ticket : wait.transactionId();
        GlobalTransaction own = state.transaction(transactionId);
        long until = own == null ? now + patience : Math.min(now + patience, own.deadline());
        Waiting waiting = new Waiting(
                new LockQueues.Waiter(ticket, transactionId, wait.claims(), wait.holders()),
                command,
                asker,
                caller,
                now,
                until);
        observer.onLockWaitBegun(
                waiting.rows(), queues.waitingFor(waiting.rows().get(0).row()));
        queues.add(waiting.waiter());
        bytes += Admission.bytes(command);
        byTicket.put(ticket, waiting);
        if (asker.requestId() != Asker.WITHOUT_ID) {
            byAsker.put(asker, ticket);
        }
        if (command instanceof Command.CheckRead check) {
            reads.add(ticket, check, wait.holders().keySet());
        }
        deadlines.add(ticket, until);
        breakDeadlock(transactionId, now);
        return true;
    }

    private boolean hasRoom(Command command, List<RowClaim> claims) {
        if (byTicket.size() >= limits.waiting() || bytes + Admission.bytes(command) > MOST_BYTES) {
            return false;
        }
        for (RowClaim claim : claims) {
            if (queues.waitingFor(claim.row()) >= limits.waitingPerRow()) {
                return false;
            }
        }
        return true;
    }

    private void breakDeadlock(long transactionId, long now) {
        List<Deadlock.Link> circle = Deadlock.through(transactionId, state.locks(), queues);
        while (!circle.isEmpty()) {
            Waiting yielding = whoHoldsNothing(circle);
            if (yielding != null) {
                take(yielding.waiter().ticket());
                end.end(yielding, LockRules.comeAgain(yielding.command()), WaitOutcome.REFUSED, now);
                circle = Deadlock.through(transactionId, state.locks(), queues);
                continue;
            }
            long victim = circle.stream()
                    .mapToLong(Deadlock.Link::transactionId)
                    .max()
                    .orElseThrow();
            for (LockQueues.Waiter waiter : queues.ofTransaction(victim)) {
                Waiting waiting = take(waiter.ticket());
                if (waiting != null) {
                    Decision decision = LockRules.deadlock(state, waiting.command(), circle, victim, now);
                    end.end(waiting, decision, WaitOutcome.DEADLOCK, now);
                }
            }
            circle = Deadlock.through(transactionId, state.locks(), queues);
        }
    }

    /** Somebody of the circle who is in it only for its place in a queue, and can stand at the end of it as well. */
    private @Nullable Waiting whoHoldsNothing(List<Deadlock.Link> circle) {
        RowKey wantedOf = circle.get(circle.size() - 1).row();
        for (Deadlock.Link link : circle) {
            RowLock lock = state.locks().lock(wantedOf);
            boolean has = lock != null && lock.isHeldBy(link.transactionId());
            Waiting waiting = has ? null : waitsWithNothing(link);
            if (waiting != null) {
                return waiting;
            }
            wantedOf = link.row();
        }
        return null;
    }

    private @Nullable Waiting waitsWithNothing(Deadlock.Link link) {
        for (LockQueues.Waiter waiter : queues.ofTransaction(link.transactionId())) {
            Waiting waiting = byTicket.get(waiter.ticket());
            boolean wants =
                    waiter.claims().stream().anyMatch(claim -> claim.row().equals(link.row()));
            if (wants
                    && waiting != null
                    && waiting.command() instanceof Command.QueryLock query
                    && query.patience().holds() == LockPatience.Holding.NOTHING) {
                return waiting;
            }
        }
        return null;
    }

    /** Has to be told of each fact before it is applied. */
    void beforeFact(Fact fact) {
        if (queues.size() == 0) {
            return;
        }
        reads.beforeFact(fact);
        if (fact instanceof Fact.BranchFinished finished) {
            GlobalTransaction transaction = state.transaction(finished.transactionId());
            Branch branch = transaction == null ? null : transaction.branch(finished.branchId());
            if (branch != null) {
                freed.addAll(queues.wanted(branch.rows()));
            }
        } else if (fact instanceof Fact.LocksReleased released) {
            GlobalTransaction transaction = state.transaction(released.transactionId());
            Branch branch = transaction == null ? null : transaction.branch(released.branchId());
            if (branch != null) {
                freed.addAll(queues.wanted(branch.rows()));
            }
        } else if (fact instanceof Fact.LocksTakenAgain taken) {
            GlobalTransaction transaction = state.transaction(taken.transactionId());
            if (transaction != null) {
                recall.addAll(queues.wanted(transaction.releasedRows(taken.branchId())));
            }
        } else if (fact instanceof Fact.TransactionMoved moved) {
            GlobalTransaction transaction = state.transaction(moved.transactionId());
            if (transaction != null) {
                boolean commits = moved.move() == Phase.Move.DECIDE_COMMIT;
                for (Branch branch : transaction.branches()) {
                    (commits ? freed : recall).addAll(queues.wanted(branch.rows()));
                }
                decided.add(moved.transactionId());
            }
        }
    }

    /** Lets those get on whom the latest facts concern. */
    void settle(long now) {
        if (settling) {
            return;
        }
        settling = true;
        try {
            while (!freed.isEmpty() || !recall.isEmpty() || !decided.isEmpty() || reads.isAnyDue()) {
                settleDecided(now);
                settleReads(now);
                for (RowKey row : drained(recall)) {
                    for (LockQueues.Waiter waiter : queues.of(row)) {
                        again(waiter.ticket(), now);
                    }
                }
                for (RowKey row : drained(freed)) {
                    giveInOrder(row, now);
                }
            }
        } finally {
            settling = false;
        }
    }

    /** To the first in the queue, and so on until one has to wait on; behind that, to those who have the row already. */
    private void giveInOrder(RowKey row, long now) {
        boolean given = true;
        for (LockQueues.Waiter waiter : queues.of(row)) {
            RowLock lock = state.locks().lock(row);
            if (given || (lock != null && lock.isHeldBy(waiter.transactionId()))) {
                given &= again(waiter.ticket(), now);
            }
        }
    }

    private void settleDecided(long now) {
        List<Long> ids = List.copyOf(decided);
        decided.clear();
        for (long id : ids) {
            for (LockQueues.Waiter waiter : queues.ofTransaction(id)) {
                again(waiter.ticket(), now);
            }
        }
    }

    private void settleReads(long now) {
        for (WaitingReads.Due due : reads.due()) {
            if (due.answer() == null) {
                again(due.ticket(), now);
                continue;
            }
            Waiting waiting = take(due.ticket());
            if (waiting != null) {
                end.end(waiting, Decision.answer(due.answer()), WaitOutcome.GRANTED, now);
            }
        }
    }

    private static List<RowKey> drained(Set<RowKey> rows) {
        List<RowKey> all = List.copyOf(rows);
        rows.clear();
        return all;
    }

    /** Has a wait decided once more; false when it goes on. */
    private boolean again(long ticket, long now) {
        Waiting waiting = byTicket.get(ticket);
        if (waiting == null) {
            return true;
        }
        Decision decision = Transactions.decide(state, waiting.command(), ticket, now);
        if (decision.waitFor() != null) {
            return false;
        }
        take(ticket);
        boolean granted = decision.answer() instanceof Message.ResultResponse response
                && response.result().success();
        end.end(waiting, decision, granted ? WaitOutcome.GRANTED : WaitOutcome.REFUSED, now);
        return true;
    }

    /** Takes somebody out of the queues; those behind may get on. */
    private @Nullable Waiting take(long ticket) {
        Waiting waiting = byTicket.remove(ticket);
        if (waiting != null) {
            queues.remove(waiting.waiter());
            bytes -= Admission.bytes(waiting.command());
            reads.remove(ticket);
            byAsker.remove(waiting.asker(), ticket);
            freed.addAll(queues.wanted(waiting.waiter().claims()));
        }
        return waiting;
    }

    /** Ends the waits whose time is up. */
    void onTime(long now) {
        deadlines.expire(now, ticket -> {
            Waiting waiting = byTicket.get(ticket);
            if (waiting == null) {
                return;
            }
            Decision decision = Transactions.decide(state, waiting.command(), ticket, now);
            take(ticket);
            end.end(
                    waiting,
                    LockRules.waited(waiting.command(), decision, now - waiting.since()),
                    WaitOutcome.TIMED_OUT,
                    now);
        });
        settle(now);
    }

    /** When the next wait ends by its time, {@link Long#MAX_VALUE} when none does. */
    long nextDue() {
        return deadlines.next();
    }

    /** Nobody is there any more who waits behind this connection. */
    void onConnectionClosed(long connectionId, long now) {
        List<Waiting> gone = new ArrayList<>();
        for (Waiting waiting : byTicket.values()) {
            if (waiting.asker().connectionId() == connectionId) {
                gone.add(waiting);
            }
        }
        for (Waiting waiting : gone) {
            take(waiting.waiter().ticket());
            end.end(waiting, Decision.NOTHING, WaitOutcome.CANCELLED, now);
        }
        settle(now);
    }

    /** Whoever has sent this request does not want to wait any longer. Nothing happens when it does not wait. */
    void withdraw(Asker asker, long now) {
        Long ticket = byAsker.get(asker);
        Waiting waiting = ticket == null ? null : take(ticket);
        if (waiting != null) {
            end.end(waiting, LockRules.withdrawn(waiting.command()), WaitOutcome.CANCELLED, now);
            settle(now);
        }
    }

    /** Another coordinator leads from now on: whoever waits has to wait there. */
    void handOver(long now) {
        for (Waiting waiting : List.copyOf(byTicket.values())) {
            take(waiting.waiter().ticket());
            end.end(waiting, LockRules.leadPassedOn(waiting.command()), WaitOutcome.CANCELLED, now);
        }
        freed.clear();
    }

    int waiting() {
        return byTicket.size();
    }
}
