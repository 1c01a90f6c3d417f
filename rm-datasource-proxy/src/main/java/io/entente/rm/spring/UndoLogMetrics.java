package io.entente.rm.spring;

import io.entente.rm.branch.AtResources;
import io.entente.rm.undo.UndoLogSize;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** {@code entente.undo.log.rows} and {@code entente.undo.log.oldest} (seconds), tagged with the resource. */
final class UndoLogMetrics implements MeterBinder, AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final AtResources resources;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "entente-undo-log-metrics");
        thread.setDaemon(true);
        return thread;
    });

    UndoLogMetrics(AtResources resources) {
        this.resources = resources;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        MultiGauge rows = MultiGauge.builder("entente.undo.log.rows")
                .description("Undo rows of branches that are neither committed nor rolled back yet")
                .register(registry);
        MultiGauge oldest = MultiGauge.builder("entente.undo.log.oldest")
                .description("Age of the oldest undo row")
                .baseUnit("seconds")
                .register(registry);
        // Resources come up one after the other, so their gauges do too.
        var unused =
                timer.scheduleWithFixedDelay(() -> show(rows, oldest), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void show(MultiGauge rows, MultiGauge oldest) {
        Map<String, UndoLogSize> sizes = resources.undoLogSizes();
        rows.register(
                sizes.entrySet().stream()
                        .map(each -> MultiGauge.Row.of(
                                Tags.of("resource", each.getKey()),
                                each.getValue().rows()))
                        .toList(),
                true);
        oldest.register(
                sizes.entrySet().stream()
                        .map(each -> MultiGauge.Row.of(
                                Tags.of("resource", each.getKey()),
                                each.getValue().oldest().toSeconds()))
                        .toList(),
                true);
    }

    @Override
    public void close() {
        timer.shutdown();
    }
}
