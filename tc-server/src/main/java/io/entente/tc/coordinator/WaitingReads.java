package io.entente.tc.coordinator;

import io.entente.protocol.Message;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.ReadRules;
import io.entente.tc.transaction.TransactionState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Queries that have read what undecided transactions hold, and wait for these to be decided, see {@link ReadRules}. Nobody
 * stands behind them in a queue: they want no row.
 *
 * <p>Belongs to the coordinator's thread.
 */
final class WaitingReads {

    private final TransactionState state;
    private final Map<Long, Reader> byTicket = new HashMap<>();
    private final Map<Long, Set<Long>> ticketsByHolder = new HashMap<>();

    /** Those for whom something has changed, with the holders of whom they may have read what is undone, or parts. */
    private final Map<Long, Set<Long>> changed = new LinkedHashMap<>();

    /** @param undecided the holders that are still waited for */
    private record Reader(Set<Object> keys, Set<Long> holders, Set<Long> undecided) {}

    /**
     * A reader who can be answered.
     *
     * @param answer null when it has to be decided once more
     */
    record Due(long ticket, Message.@Nullable Response answer) {}

    WaitingReads(TransactionState state) {
        this.state = state;
    }

    void add(long ticket, Command.CheckRead command, Set<Long> holders) {
        byTicket.put(ticket, new Reader(ReadRules.keys(command), holders, new HashSet<>(holders)));
        for (long holder : holders) {
            ticketsByHolder
                    .computeIfAbsent(holder, any -> new LinkedHashSet<>())
                    .add(ticket);
        }
    }

    void remove(long ticket) {
        Reader reader = byTicket.remove(ticket);
        if (reader == null) {
            return;
        }
        for (long holder : reader.holders()) {
            Set<Long> tickets = ticketsByHolder.get(holder);
            if (tickets != null && tickets.remove(ticket) && tickets.isEmpty()) {
                ticketsByHolder.remove(holder);
            }
        }
    }

    /** Has to be told of each fact before it is applied. */
    void beforeFact(Fact fact) {
        if (fact instanceof Fact.TransactionMoved moved) {
            for (long ticket : waitingFor(moved.transactionId())) {
                Reader reader = reader(ticket);
                if (moved.move() != Phase.Move.DECIDE_COMMIT) {
                    changed(ticket);
                } else if (ReadRules.isInParts(state, reader.keys(), moved.transactionId())) {
                    changed(ticket).add(moved.transactionId());
                } else {
                    reader.undecided().remove(moved.transactionId());
                    if (reader.undecided().isEmpty()) {
                        changed(ticket);
                    }
                }
            }
        } else if (fact instanceof Fact.BranchFinished finished) {
            GlobalTransaction transaction = state.transaction(finished.transactionId());
            Branch branch = transaction == null ? null : transaction.branch(finished.branchId());
            for (long ticket : waitingFor(finished.transactionId())) {
                if (branch != null && ReadRules.touches(reader(ticket).keys(), branch)) {
                    changed(ticket).add(finished.transactionId());
                }
            }
        }
    }

    private Set<Long> changed(long ticket) {
        return changed.computeIfAbsent(ticket, any -> new HashSet<>());
    }

    private List<Long> waitingFor(long holder) {
        return List.copyOf(ticketsByHolder.getOrDefault(holder, Set.of()));
    }

    private Reader reader(long ticket) {
        Reader reader = byTicket.get(ticket);
        if (reader == null) {
            throw new IllegalStateException("reader " + ticket + " waits for somebody and is not known");
        }
        return reader;
    }

    boolean isAnyDue() {
        return !changed.isEmpty();
    }

    /** Those that the latest facts concern. */
    List<Due> due() {
        List<Due> due = new ArrayList<>();
        changed.forEach((ticket, doubtful) -> {
            Reader reader = byTicket.get(ticket);
            if (reader == null) {
                return;
            }
            if (doubtful.stream().anyMatch(holder -> !stillHolds(holder, reader))) {
                due.add(new Due(ticket, ReadRules.readAgain(state)));
            } else if (reader.undecided().isEmpty()) {
                due.add(new Due(ticket, ReadRules.committed(state)));
            } else if (doubtful.isEmpty()) {
                // A holder has begun to roll back.
                due.add(new Due(ticket, null));
            }
        });
        changed.clear();
        return due;
    }

    /** What is undone branch by branch is worth reading again when it is undone to the end. */
    private boolean stillHolds(long holder, Reader reader) {
        GlobalTransaction transaction = state.transaction(holder);
        return transaction != null
                && transaction.branches().stream().anyMatch(branch -> ReadRules.touches(reader.keys(), branch));
    }
}
