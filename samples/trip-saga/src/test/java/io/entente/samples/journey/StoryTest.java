package io.entente.samples.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.samples.story.Database;
import io.entente.samples.story.StoryRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command of the README, on two kinds of databases. */
final class StoryTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void the_story_is_told_to_its_end_and_every_invariant_holds(Database database) throws Exception {
        try (StoryRun story = StoryRun.start(TripSample.class, database, directory.resolve("story.txt"), Map.of())) {
            assertThat(story.awaitEnd()).as(story::told).hasValue(0);
            String told = story.told();
            assertThat(told)
                    .contains("--- 1. A trip that works -")
                    .contains("--- 2. No flight is left -")
                    .contains("--- 3. A flaky hotel -")
                    .contains("--- 4. The trip service is killed in the middle -")
                    .contains("--- 5. The trip service is killed behind the pivot -")
                    .contains("The end: every invariant held")
                    .doesNotContain("BROKEN");
            assertThat(told.lines().filter(line -> line.length() > 100).toList())
                    .as("lines that are too wide for the terminal")
                    .isEqualTo(List.of());
        }
    }
}
