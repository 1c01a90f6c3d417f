package io.entente.samples.story;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What must hold whenever nothing is under way, whatever happened before. */
public final class Invariants<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Sample<T> sample;
    private final RunningDatabases databases;
    private final CoordinatorApi coordinator;
    private final T initial;

    /** Compares with the tables of this moment. */
    public Invariants(Sample<T> sample, Landscape landscape) {
        this.sample = sample;
        this.databases = landscape.databases();
        this.coordinator = landscape.coordinatorApi();
        this.initial = sample.read(databases);
    }

    /** Waits until nothing is under way any more, but not for ever; then looks at everything. */
    public List<Finding> check() {
        awaitQuiet();
        T now = sample.read(databases);
        List<Finding> findings = new ArrayList<>(sample.rules(initial, now));
        findings.addAll(sample.leftovers(now));
        findings.add(coordinatorIsIdle());
        return findings;
    }

    private Finding coordinatorIsIdle() {
        String rule = "the coordinator holds nothing";
        try {
            int open = coordinator.open();
            int locks = coordinator.locks();
            return new Finding(rule, open == 0 && locks == 0, open + " open transactions, " + locks + " row locks");
        } catch (IOException e) {
            return new Finding(rule, false, "it does not answer: " + e);
        }
    }

    private void awaitQuiet() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isQuiet() && System.nanoTime() < deadline) {
            Pause.millis(50);
        }
    }

    private boolean isQuiet() {
        return coordinatorIsIdle().holds()
                && sample.leftovers(sample.read(databases)).stream().allMatch(Finding::holds);
    }
}
