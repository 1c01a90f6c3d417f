package io.entente.tc.server;

import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.WaitOutcome;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What the coordinator tells monitoring, all under {@code entente.}. */
final class CoordinatorMetrics implements CoordinatorObserver {
    private final MeterRegistry registry;
    private final Counter begun;
    private final Counter branches;
    private final Counter conflicts;
    private final Map<Phase.Move, Counter> moves = new EnumMap<>(Phase.Move.class);

    private final Map<WaitOutcome, Timer> waits = new EnumMap<>(WaitOutcome.class);

    private volatile int openTransactions;
    private volatile int waiting;
    private volatile int rowLocks;
    private volatile long phaseTwoFailures;
    /** Only the coordinator's thread counts; whoever reads sees one that is a moment old. */
    private volatile int needingAttention;

    CoordinatorMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.begun = Counter.builder("entente.transactions.begun")
                .description("Global transactions begun")
                .register(registry);
        this.branches = Counter.builder("entente.branches.registered")
                .description("Branches registered")
                .register(registry);
        this.conflicts = Counter.builder("entente.lock.conflicts")
                .description("Requests refused because another global transaction holds a row")
                .register(registry);
        for (WaitOutcome outcome : WaitOutcome.values()) {
            waits.put(
                    outcome,
                    Timer.builder("entente.lock.waits")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .description("Waiting for rows that other global transactions had")
                            .publishPercentileHistogram()
                            .register(registry));
        }
        for (Phase.Move move : Phase.Move.values()) {
            moves.put(
                    move,
                    Counter.builder("entente.transactions.moves")
                            .tag("move", move.name().toLowerCase(Locale.ROOT))
                            .description("Decisions, ends and interventions in the life of global transactions")
                            .register(registry));
        }
        Gauge.builder("entente.transactions.open", () -> openTransactions)
                .description("Global transactions that have not ended")
                .register(registry);
        Gauge.builder("entente.transactions.needing.attention", () -> needingAttention)
                .description("Global transactions that cannot end without an operator")
                .register(registry);
        Gauge.builder("entente.locks", () -> rowLocks)
                .description("Rows locked by global transactions")
                .register(registry);
        Gauge.builder("entente.lock.waiting", () -> waiting)
                .description("Requests that wait for rows")
                .register(registry);
        FunctionCounter.builder("entente.phase.two.failures", this, metrics -> metrics.phaseTwoFailures)
                .description("Failed tries to commit or roll back a branch")
                .register(registry);
    }

    /** Adds the figures that the parts of {@code coordinator} keep themselves. */
    void watch(TransactionCoordinator coordinator) {
        FunctionCounter.builder(
                        "entente.log.entries",
                        coordinator,
                        c -> c.logStatistics().entries())
                .description("Entries written to the log")
                .register(registry);
        FunctionCounter.builder(
                        "entente.log.bytes", coordinator, c -> c.logStatistics().bytes())
                .baseUnit("bytes")
                .description("Bytes written to the log")
                .register(registry);
        FunctionTimer.builder(
                        "entente.log.sync",
                        coordinator,
                        c -> c.logStatistics().syncs(),
                        c -> c.logStatistics().syncNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Writing to the log and waiting for stable storage")
                .register(registry);
        Gauge.builder("entente.clients", coordinator, c -> c.sessions().all().size())
                .description("Registered connections of clients")
                .register(registry);
    }

    @Override
    public void onFact(Fact fact) {
        if (fact instanceof Fact.TransactionBegun) {
            begun.increment();
        } else if (fact instanceof Fact.BranchRegistered) {
            branches.increment();
        } else if (fact instanceof Fact.TransactionMoved moved) {
            Objects.requireNonNull(moves.get(moved.move())).increment();
        }
    }

    @Override
    public void onAnswer(Message.Response answer) {
        if (answer instanceof Message.ResultResponse result
                && (result.result().error() == TransactionError.LOCK_KEY_CONFLICT
                        || result.result().error() == TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST)) {
            conflicts.increment();
        }
    }

    @Override
    public void onLockWait(List<RowClaim> rows, long millis, WaitOutcome outcome) {
        Objects.requireNonNull(waits.get(outcome)).record(millis, TimeUnit.MILLISECONDS);
        RowKey first = rows.get(0).row();
        Counter.builder("entente.lock.waited")
                .tags("resource", first.resource(), "table", first.table())
                .description("Requests that had to wait for a row of this table")
                .register(registry)
                .increment();
    }

    @Override
    public void onLeadEnded() {
        openTransactions = 0;
        rowLocks = 0;
        waiting = 0;
        needingAttention = 0;
    }

    @Override
    public void onTurn(TransactionState state, int commands, long failures) {
        openTransactions = state.transactions().size();
        rowLocks = state.locks().size();
        waiting = state.queues().size();
        needingAttention = state.needingAttention();
        phaseTwoFailures = failures;
    }
}
