package io.entente.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SimulationRunsTest {

    private static String here(String seeds) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long failed = SimulationRuns.run(
                SimulationRuns.Arguments.parse("--seeds=" + seeds), new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(failed).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_range_of_seeds_is_run_and_counted() {
        assertThat(here("1-20")).contains("seeds 1 to 20: 0 failed");
        assertThat(here("7")).contains("seeds 7 to 7: 0 failed");
    }

    /** Hash codes that a process chooses by chance, such as those of enum constants, must not decide anything. */
    @Test
    void another_process_runs_the_same() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulationRuns.class.getName(),
                        "--seeds=1-30")
                .redirectErrorStream(true)
                .start();
        String told = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(other.waitFor()).as(told).isZero();
        assertThat(told).isEqualToNormalizingNewlines(here("1-30"));
    }

    @Test
    void what_is_no_range_is_refused() {
        for (String wrong : new String[] {"", "x", "5-1", "1-2-3", "-"}) {
            assertThatThrownBy(() -> SimulationRuns.Arguments.parse("--seeds=" + wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "'")
                    .hasMessageContaining("1-100000");
        }
        assertThatThrownBy(() -> SimulationRuns.Arguments.parse("--seed=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'--seed=1' is no argument");
        assertThatThrownBy(SimulationRuns.Arguments::parse)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--seeds is missing");
    }
}
