package io.entente.samples.transfer;

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
    @EnumSource(names = {"H2", "MARIADB"})
    void the_story_is_told_to_its_end_and_every_invariant_holds(Database database) throws Exception {
        try (StoryRun story =
                StoryRun.start(TransferSample.class, database, directory.resolve("story.txt"), Map.of())) {
            assertThat(story.awaitEnd()).as(story::told).hasValue(0);
            String told = story.told();
            assertThat(told)
                    .contains("--- 1. A transfer that commits -")
                    .contains("--- 2. An account that lacks the money -")
                    .contains("--- 3. A transfer that is declined at the end -")
                    .contains("--- 4. A confirm that fails at first -")
                    .contains("--- 5. The payee's bank is killed -")
                    .contains("--- 6. The payer's bank is killed -")
                    .contains("--- 7. The coordinator is killed -")
                    .contains("The end: every invariant held")
                    .doesNotContain("BROKEN");
            assertThat(told.lines().filter(line -> line.length() > 100).toList())
                    .as("lines that are too wide for the terminal")
                    .isEqualTo(List.of());
        }
    }
}
