package io.entente.crash.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three coordinators and three services in processes of their own, over three real databases, under a load of payments
 * and faults of every kind. Afterwards not a coin is missing, what a client was told is true, nothing is left over, and
 * all members say the same.
 */
class ProcessFaultsTest {
    private static final Logger log = LoggerFactory.getLogger(ProcessFaultsTest.class);

    private static final int MOST_SHOWN = 60;

    private final long seed = Long.getLong("faults.seed", 1);
    private final double minutes = Double.parseDouble(System.getProperty("faults.minutes", "1.5"));
    private final Control control = Control.valueOf(System.getProperty("faults.control", Control.NONE.name()));

    @Test
    void whatever_happens_to_processes_and_lines_the_money_is_exact() throws Exception {
        Path directory = Path.of("target", "faults", "seed-" + seed).toAbsolutePath();
        Landscape.delete(directory);
        Files.createDirectories(directory);
        log.info("seed {}, {} minutes, in {}", seed, minutes, directory);
        List<String> problems;
        try {
            problems = run(directory);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "-Dfaults.seed=" + seed + " -Dfaults.minutes=" + minutes + " has failed; logs and data are in "
                            + directory,
                    e);
        }
        assertThat(problems)
                .as("-Dfaults.seed=%d -Dfaults.minutes=%s, logs and data are in %s", seed, minutes, directory)
                .isEmpty();
        Landscape.delete(directory);
    }

    private List<String> run(Path directory) throws Exception {
        try (Landscape landscape = Landscape.start(directory, control);
                Load load = new Load(landscape, seed)) {
            ClusterApi api = landscape.api();
            load.start();
            load.awaitProgress();
            Schedule schedule = new Schedule(seed);
            long end = System.nanoTime() + (long) (minutes * 60e9);
            while (System.nanoTime() < end) {
                step(schedule.next(), landscape, api, load);
            }
            load.stop();
            log.info("{}", load);
            List<String> problems = new Audit(landscape, api, load.asked()).problems();
            return problems.size() <= MOST_SHOWN
                    ? problems
                    : Stream.concat(
                                    problems.stream().limit(MOST_SHOWN),
                                    Stream.of("and " + (problems.size() - MOST_SHOWN) + " more"))
                            .toList();
        }
    }

    private static void step(Schedule.Step step, Landscape landscape, ClusterApi api, Load load)
            throws IOException, InterruptedException {
        boolean first = true;
        for (Fault fault : step.faults()) {
            if (!first) {
                load.goOn(step.between());
            }
            first = false;
            log.info("{}: {} {}", step.number(), fault, fault.strike(landscape, api, step.chance()));
        }
        load.goOn(step.lasting());
        landscape.heal();
        load.awaitProgress();
        load.goOn(step.calm());
        log.info("{}: healed; {}", step.number(), load);
    }
}
