package io.entente.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.samples.story.Database;
import io.entente.samples.story.StoryRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command of the README, on each kind of database, in each mode. */
final class StoryTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"H2, AT", "POSTGRESQL, AT", "MARIADB, AT", "H2, XA", "POSTGRESQL, XA", "MARIADB, XA"})
    void the_story_is_told_to_its_end_and_every_invariant_holds(Database database, Mode mode) throws Exception {
        try (StoryRun story = start(database, mode)) {
            assertThat(story.awaitEnd()).as(story::told).hasValue(0);
            String told = story.told();
            assertThat(told)
                    .contains(", in " + mode + " mode")
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
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everything_ends_with_the_story_also_when_it_is_killed(boolean killed) throws Exception {
        try (StoryRun run = start(Database.H2, Mode.AT)) {
            Process story = run.process();
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
        }
    }

    private StoryRun start(Database database, Mode mode) {
        return StoryRun.start(
                ShopSample.class, database, directory.resolve("story.txt"), Map.of(Mode.SETTING, mode.name()));
    }
}
