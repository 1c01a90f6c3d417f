package io.entente.samples.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command of the README, on each kind of database. */
final class StoryTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Database.class)
    void the_story_is_told_to_its_end_and_every_invariant_holds(Database database) throws Exception {
        Path output = directory.resolve("story.txt");
        Process story = start(database, output);
        try {
            boolean ended = story.waitFor(3, TimeUnit.MINUTES);
            String told = Files.readString(output);
            assertThat(ended).as(told).isTrue();
            assertThat(story.exitValue()).as(told).isZero();
            assertThat(told)
                    .contains("--- 1. A purchase that commits -")
                    .contains("--- 2. A purchase that fails in the last service -")
                    .contains("--- 3. A purchase that times out -")
                    .contains("--- 4. Two that want the same row -")
                    .contains("--- 5. The coordinator is killed in the middle -")
                    .contains("The end: every invariant held")
                    .doesNotContain("BROKEN");
            assertThat(told.lines().filter(line -> line.length() > 100).toList())
                    .as("lines that are too wide for the terminal")
                    .isEqualTo(List.of());
        } finally {
            story.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everything_ends_with_the_story_also_when_it_is_killed(boolean killed) throws Exception {
        Path output = directory.resolve("story.txt");
        Process story = start(Database.H2, output);
        try {
            // The watchdog, the coordinator and the services.
            await().atMost(Duration.ofMinutes(2)).until(() -> story.children().count() >= 5);
            List<ProcessHandle> children = story.children().toList();
            if (killed) {
                story.destroyForcibly();
            } else {
                story.destroy();
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !story.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            story.destroy();
        }
    }

    private static Process start(Database database, Path output) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        JavaProcess.java(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dsample.end-with-parent=true",
                        // So that whoever has the sample up may run the tests.
                        "-Dsample.directory="
                                + StorySettings.of(Map.of()).directory().resolveSibling("story-test"),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        Story.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put(StorySettings.DATABASE, database.text());
        command.environment().put(StorySettings.EXIT, "true");
        command.environment().put(Ports.SETTING, "random");
        return command.start();
    }
}
