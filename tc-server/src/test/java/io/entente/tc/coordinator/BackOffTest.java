package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackOffTest {

    /** Without a pause the coordinator's thread would try for ever, and do nothing else. */
    @Test
    void even_the_shortest_setting_makes_a_pause() {
        BackOff shortest = new BackOff(1, 1, new Random(1));

        for (int failures = 1; failures < 100; failures++) {
            assertThat(shortest.pauseMillis(failures)).isPositive();
        }
    }
}
