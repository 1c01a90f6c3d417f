package io.entente.samples.story;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Kills processes under a load, one after the other, at random moments, and starts them again. For tests. */
public final class Kills {

    /** So that each kill meets a load that has got going again after the one before. */
    private static final int DONE_BETWEEN_KILLS = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Landscape landscape;
    private final Random random;
    private final List<JavaProcess> victims = new ArrayList<>();

    public Kills(Landscape landscape, Random random) {
        this.landscape = landscape;
        this.random = random;
    }

    /** Adds a victim that is to be killed so many times. */
    public Kills of(JavaProcess victim, int times) {
        victims.addAll(Collections.nCopies(times, victim));
        return this;
    }

    /**
     * Kills them all, in random order; a service at a moment when a transaction has two branches.
     *
     * @return how often each was killed
     * @throws StoryException when the load does not get going again after a kill
     */
    public Map<String, Integer> under(Load load) throws InterruptedException {
        Collections.shuffle(victims, random);
        Map<String, Integer> kills = new TreeMap<>();
        for (JavaProcess victim : victims) {
            load.awaitDone(DONE_BETWEEN_KILLS);
            load.goOnFor(random.nextInt(500));
            if (!victim.equals(landscape.coordinator())) {
                CoordinatorWatch.awaitTransaction(landscape.coordinatorApi(), 2, PATIENCE);
            }
            victim.kill();
            kills.merge(victim.name(), 1, Integer::sum);
            load.goOnFor(random.nextInt(300));
            victim.start();
            victim.awaitReady();
        }
        return kills;
    }
}
