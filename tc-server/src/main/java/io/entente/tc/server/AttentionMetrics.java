package io.entente.tc.server;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.Resolution;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.webhook.Webhook;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What waits for operators, and what they did. But for the reading of gauges, for the coordinator's thread. */
final class AttentionMetrics {
    /** To count thousands of branches takes time that a busy coordinator has better use for. */
    private static final long COUNT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry registry;
    private final Tags group;
    private final Timer time;
    private final Map<AttentionReason, Counter> begun = new EnumMap<>(AttentionReason.class);
    private final Map<AttentionReason, AtomicInteger> stuck = new EnumMap<>(AttentionReason.class);
    private final Map<Resolution, Counter> actions = new EnumMap<>(Resolution.class);
    private volatile int transactions;
    private volatile double oldestSince;
    private boolean changed = true;
    private long countedNanos = System.nanoTime() - COUNT_EVERY_NANOS;

    /** @param group tags that tell one group of coordinators from another; empty where there is one */
    AttentionMetrics(MeterRegistry registry, Tags group) {
        this.registry = registry;
        this.group = group;
        this.time = Timer.builder("entente.attention.time")
                .tags(group)
                .description("For how long global transactions needed attention, told when they no longer do")
                .register(registry);
        for (AttentionReason reason : AttentionReason.values()) {
            AtomicInteger count = new AtomicInteger();
            stuck.put(reason, count);
            Gauge.builder("entente.attention.branches", count, AtomicInteger::get)
                    .tag("reason", nameOf(reason))
                    .tags(group)
                    .description("Branches that cannot go on without an operator, for this reason")
                    .register(registry);
            begun.put(
                    reason,
                    Counter.builder("entente.attention.begun")
                            .tag("reason", nameOf(reason))
                            .tags(group)
                            .description("Branches that came to need an operator, for this reason")
                            .register(registry));
        }
        for (Resolution resolution : Resolution.values()) {
            actions.put(
                    resolution,
                    Counter.builder("entente.attention.actions")
                            .tag("resolution", nameOf(resolution))
                            .tags(group)
                            .description("What operators had done about branches")
                            .register(registry));
        }
        Gauge.builder("entente.transactions.needing.attention", () -> transactions)
                .tags(group)
                .description("Global transactions that cannot end without an operator")
                .register(registry);
        Gauge.builder("entente.attention.oldest", () -> oldestSince)
                .baseUnit("seconds")
                .tags(group)
                .description("Since when the first of them needs attention, in seconds since 1970; 0 when none does")
                .register(registry);
    }

    void watch(Webhook webhook) {
        FunctionCounter.builder(
                        "entente.webhook.delivered",
                        webhook,
                        w -> w.statistics().delivered())
                .tags(group)
                .description("Notices that a receiver has taken")
                .register(registry);
        FunctionCounter.builder(
                        "entente.webhook.failures", webhook, w -> w.statistics().failed())
                .tags(group)
                .description("Failed tries to tell a receiver")
                .register(registry);
        FunctionCounter.builder(
                        "entente.webhook.dropped", webhook, w -> w.statistics().dropped())
                .tags(group)
                .description("Notices of an end that nobody was told, as too many waited")
                .register(registry);
        Gauge.builder("entente.webhook.pending", webhook, w -> w.statistics().pending())
                .tags(group)
                .description("Notices that wait to be told")
                .register(registry);
    }

    private static String nameOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    void onFact(Fact fact) {
        if (fact instanceof Fact.BranchStuck one) {
            changed = true;
            Objects.requireNonNull(begun.get(one.why())).increment();
        } else if (fact instanceof Fact.ResolutionChosen chosen) {
            changed = true;
            Objects.requireNonNull(actions.get(chosen.resolution())).increment();
        } else if (fact instanceof Fact.BranchFinished || fact instanceof Fact.TransactionMoved) {
            changed |= transactions > 0;
        }
    }

    void ended(long millis) {
        changed = true;
        time.record(millis, TimeUnit.MILLISECONDS);
    }

    /** Another process shows what needs attention. */
    void leadEnded() {
        transactions = 0;
        oldestSince = 0;
        stuck.values().forEach(gauge -> gauge.set(0));
        changed = true;
    }

    void onTurn(TransactionState state) {
        transactions = state.needingAttention();
        if (!changed || System.nanoTime() - countedNanos < COUNT_EVERY_NANOS) {
            return;
        }
        countedNanos = System.nanoTime();
        changed = false;
        Map<AttentionReason, Integer> counts = new EnumMap<>(AttentionReason.class);
        long oldest = Long.MAX_VALUE;
        for (GlobalTransaction transaction : state.inNeedOfAttention()) {
            oldest = Math.min(oldest, transaction.phaseSince());
            for (Fact.BranchStuck each : transaction.stuck()) {
                counts.merge(each.why(), 1, Integer::sum);
            }
        }
        stuck.forEach((reason, gauge) -> gauge.set(counts.getOrDefault(reason, 0)));
        oldestSince = oldest == Long.MAX_VALUE ? 0 : oldest / 1_000.0;
    }
}
