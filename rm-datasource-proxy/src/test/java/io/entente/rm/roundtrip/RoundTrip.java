package io.entente.rm.roundtrip;

import io.entente.testkit.database.TestDatabase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs scenarios, one seed after the other, until so many statements have run or one of them fails. */
final class RoundTrip {

    private static final Logger log = LoggerFactory.getLogger(RoundTrip.class);
    private static final Duration SHRINKING = Duration.ofMinutes(1);
    private static final int PROGRESS = 20_000;

    private final Grammar grammar;
    private final TestDatabase database;
    private final ScenarioRun.Sabotage sabotage;
    private final Duration shrinking;
    private final Tally tally = new Tally();
    private long seed;
    private int reported;

    private RoundTrip(Grammar grammar, ScenarioRun.Sabotage sabotage, Duration shrinking) {
        this.grammar = grammar;
        this.database = TestDatabase.of(grammar.kind());
        this.sabotage = sabotage;
        this.shrinking = shrinking;
    }

    RoundTrip(Grammar grammar) {
        this(grammar, plain -> {}, SHRINKING);
    }

    /** One that has to fail, so that nobody will read its script. */
    static RoundTrip sabotaged(Grammar grammar, ScenarioRun.Sabotage sabotage) {
        return new RoundTrip(grammar, sabotage, Duration.ZERO);
    }

    Tally tally() {
        return tally;
    }

    /** The seed after the last one that ran. */
    long nextSeed() {
        return seed;
    }

    /**
     * Goes on from a seed.
     *
     * @return the first problem with a script that shows it; null without any
     */
    @Nullable
    String run(long firstSeed, int statements) throws Exception {
        seed = firstSeed;
        Scenario failing;
        String problem;
        try (World world = new World(database)) {
            do {
                if (tally.executed() >= statements) {
                    return null;
                }
                failing = ScenarioGenerator.generate(grammar, seed);
                problem = new ScenarioRun(world, grammar, failing, tally, sabotage).run();
                seed++;
                reportProgress(firstSeed);
            } while (problem == null);
        }
        return explained(failing, problem);
    }

    private void reportProgress(long firstSeed) {
        if (tally.executed() / PROGRESS > reported) {
            reported = tally.executed() / PROGRESS;
            log.info("{}: {} statements, seeds {} to {}", grammar.kind(), tally.executed(), firstSeed, seed - 1);
        }
    }

    private String explained(Scenario failing, String problem) throws Exception {
        String[] last = {problem};
        Scenario smallest = new Shrinker(
                        candidate -> {
                            // A failed run may leave anything behind.
                            try (World world = new World(database)) {
                                String found = new ScenarioRun(world, grammar, candidate, new Tally(), sabotage).run();
                                if (found != null) {
                                    last[0] = found;
                                }
                                return found != null;
                            }
                        },
                        shrinking)
                .shrink(failing);
        return grammar.kind() + ", seed " + failing.seed() + " (repeat with -Droundtrip.seed=" + failing.seed() + "): "
                + last[0] + "\n\n" + smallest.script();
    }
}
