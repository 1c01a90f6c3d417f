package io.entente.tc.server;

import io.entente.protocol.transport.Rejection;
import io.entente.tc.CoordinatorGroup;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.NotLeadingException;
import io.entente.tc.coordinator.WaitOutcome;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the coordinator tells monitoring, all under {@code entente.}. */
final class CoordinatorMetrics implements CoordinatorObserver {
    /** Tables that are told apart; the rows of all further ones count together. */
    static final int MOST_TABLES = 200;

    private final MeterRegistry registry;
    /** Nothing, or which of several groups it is. */
    private final Tags group;

    private final Map<String, CoordinatorMetrics> ofGroups = new HashMap<>();
    private final Counter begun;
    private final Counter branches;
    private final Map<Phase.Move, Counter> moves = new EnumMap<>(Phase.Move.class);

    private final Map<WaitOutcome, Timer> waits = new EnumMap<>(WaitOutcome.class);
    private final DistributionSummary queueLength;
    private final AttentionMetrics attention;
    private final Set<String> tables = new HashSet<>();

    private final Map<Rejection, Counter> rejections = new EnumMap<>(Rejection.class);

    private volatile int openTransactions;
    private volatile int waiting;
    private volatile int rowLocks;
    private volatile long phaseTwoFailures;
    private volatile long stateBytes;

    /** @param groups names of the groups of coordinators in this process, when there are several; else empty */
    static CoordinatorMetrics of(MeterRegistry registry, List<String> groups) {
        if (groups.isEmpty()) {
            return new CoordinatorMetrics(registry, Tags.empty());
        }
        CoordinatorMetrics first = null;
        Map<String, CoordinatorMetrics> all = new HashMap<>();
        for (String name : groups) {
            CoordinatorMetrics metrics = new CoordinatorMetrics(registry, Tags.of("group", name));
            all.put(name, metrics);
            first = first == null ? metrics : first;
        }
        Objects.requireNonNull(first).ofGroups.putAll(all);
        return first;
    }

    @Override
    public CoordinatorObserver ofGroup(String name) {
        return Objects.requireNonNull(ofGroups.get(name), name);
    }

    private CoordinatorMetrics(MeterRegistry registry, Tags group) {
        this.registry = registry;
        this.group = group;
        this.begun = Counter.builder("entente.transactions.begun")
                .tags(group)
                .description("Global transactions begun")
                .register(registry);
        this.branches = Counter.builder("entente.branches.registered")
                .tags(group)
                .description("Branches registered")
                .register(registry);
        for (WaitOutcome outcome : WaitOutcome.values()) {
            waits.put(
                    outcome,
                    Timer.builder("entente.lock.waits")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .tags(group)
                            .description("Waiting for rows that other global transactions had")
                            .publishPercentileHistogram()
                            .register(registry));
        }
        for (Rejection reason : Rejection.values()) {
            rejections.put(
                    reason,
                    Counter.builder("entente.connections.rejected")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .description("Connections of clients that were turned away")
                            .register(registry));
        }
        for (Phase.Move move : Phase.Move.values()) {
            moves.put(
                    move,
                    Counter.builder("entente.transactions.moves")
                            .tag("move", move.name().toLowerCase(Locale.ROOT))
                            .tags(group)
                            .description("Decisions, ends and interventions in the life of global transactions")
                            .register(registry));
        }
        Gauge.builder("entente.transactions.open", () -> openTransactions)
                .tags(group)
                .description("Global transactions that have not ended")
                .register(registry);
        this.attention = new AttentionMetrics(registry, group);
        this.queueLength = DistributionSummary.builder("entente.lock.queue.length")
                .tags(group)
                .description("How many waited for a row already when somebody else began to")
                .publishPercentileHistogram()
                .maximumExpectedValue(1_000.0)
                .register(registry);
        Gauge.builder("entente.state.bytes", () -> stateBytes)
                .baseUnit("bytes")
                .tags(group)
                .description("Roughly what open global transactions take of the heap")
                .register(registry);
        Gauge.builder("entente.locks", () -> rowLocks)
                .tags(group)
                .description("Rows locked by global transactions")
                .register(registry);
        Gauge.builder("entente.lock.waiting", () -> waiting)
                .tags(group)
                .description("Requests that wait for rows")
                .register(registry);
        FunctionCounter.builder("entente.phase.two.failures", this, metrics -> metrics.phaseTwoFailures)
                .tags(group)
                .description("Failed tries to commit or roll back a branch")
                .register(registry);
    }

    /** Adds the figures that the parts of {@code coordinator} keep themselves. */
    void watch(TransactionCoordinator coordinator) {
        if (ofGroups.isEmpty()) {
            watch(coordinator.groups().get(0));
        } else {
            coordinator
                    .groups()
                    .forEach(each ->
                            Objects.requireNonNull(ofGroups.get(each.name())).watch(each));
        }
    }

    private void watch(CoordinatorGroup coordinator) {
        FunctionCounter.builder(
                        "entente.log.entries",
                        coordinator,
                        c -> c.logStatistics().entries())
                .tags(group)
                .description("Entries written to the log")
                .register(registry);
        FunctionCounter.builder(
                        "entente.log.bytes", coordinator, c -> c.logStatistics().bytes())
                .baseUnit("bytes")
                .tags(group)
                .description("Bytes written to the log")
                .register(registry);
        FunctionTimer.builder(
                        "entente.log.sync",
                        coordinator,
                        c -> c.logStatistics().syncs(),
                        c -> c.logStatistics().syncNanos(),
                        TimeUnit.NANOSECONDS)
                .tags(group)
                .description("Writing to the log and waiting for stable storage")
                .register(registry);
        Gauge.builder("entente.commands.queued", coordinator, CoordinatorMetrics::queued)
                .tags(group)
                .description("Requests that are not decided yet, and answers that wait for the log")
                .register(registry);
        attention.watch(coordinator.webhook());
        if (coordinator.cluster() != null) {
            Gauge.builder("entente.cluster.leads", coordinator, c -> c.leads() ? 1 : 0)
                    .tags(group)
                    .description("1 while this member of the cluster leads")
                    .register(registry);
        }
        Gauge.builder("entente.clients", coordinator, c -> c.sessions().all().size())
                .tags(group)
                .description("Registered connections of clients")
                .register(registry);
    }

    @Override
    public void onFact(Fact fact) {
        attention.onFact(fact);
        if (fact instanceof Fact.TransactionBegun) {
            begun.increment();
        } else if (fact instanceof Fact.BranchRegistered) {
            branches.increment();
        } else if (fact instanceof Fact.TransactionMoved moved) {
            Objects.requireNonNull(moves.get(moved.move())).increment();
        }
    }

    @Override
    public void onAttentionEnded(long millis) {
        attention.ended(millis);
    }

    @Override
    public void onRefused(String limit) {
        Counter.builder("entente.refused")
                .tag("limit", limit)
                .tags(group)
                .description("Begins, and branches, that were refused because there was too much to do")
                .register(registry)
                .increment();
    }

    @Override
    public void onLockConflict(RowKey row) {
        Counter.builder("entente.lock.conflicts")
                .tags(tagsOf(row))
                .tags(group)
                .description("Requests refused because another global transaction has a row of this table")
                .register(registry)
                .increment();
    }

    @Override
    public void onLockWaitBegun(List<RowClaim> rows, int ahead) {
        queueLength.record(ahead);
    }

    /** Names come from clients, and monitoring keeps a series for each. */
    private Tags tagsOf(RowKey row) {
        String name = row.resource() + '\n' + row.table();
        boolean told = tables.contains(name) || (tables.size() < MOST_TABLES && tables.add(name));
        return told
                ? Tags.of("resource", row.resource(), "table", row.table())
                : Tags.of("resource", "other", "table", "other");
    }

    @Override
    public void onLockWait(List<RowClaim> rows, long millis, WaitOutcome outcome) {
        Objects.requireNonNull(waits.get(outcome)).record(millis, TimeUnit.MILLISECONDS);
        Counter.builder("entente.lock.waited")
                .tags(tagsOf(rows.get(0).row()))
                .tags(group)
                .description("Requests that had to wait for a row of this table")
                .register(registry)
                .increment();
    }

    @Override
    public void onLeadEnded() {
        openTransactions = 0;
        rowLocks = 0;
        waiting = 0;
        stateBytes = 0;
        attention.leadEnded();
    }

    @Override
    public void onRejected(Rejection reason) {
        Objects.requireNonNull(rejections.get(reason)).increment();
    }

    @Override
    public void onTurn(TransactionState state, int commands, long failures) {
        openTransactions = state.transactions().size();
        rowLocks = state.locks().size();
        waiting = state.queues().size();
        stateBytes = state.bytes();
        attention.onTurn(state);
        phaseTwoFailures = failures;
    }

    private static double queued(CoordinatorGroup coordinator) {
        try {
            return coordinator.coordinator().queued();
        } catch (NotLeadingException elsewhere) {
            return 0;
        }
    }
}
