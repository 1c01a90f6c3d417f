package io.entente.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation is worth as much as it finds. */
class SeededBugTest {
    private static final int SEEDS = 5_000;

    @ParameterizedTest
    @EnumSource
    void it_is_found(SeededBug bug) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Outcome outcome = Simulation.run(seed, bug.seams());
            if (!outcome.isGood()) {
                assertThat(bug.foundBy())
                        .as(outcome.report(200))
                        .contains(outcome.violations().get(0).invariant());
                return;
            }
        }
        assertThat(bug).as("found by none of %d seeds", SEEDS).isNull();
    }
}
