package io.entente.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ours hide in messages of Seata's: a resolution, and the rows of a conflict. */
class ResolutionTest {

    @ParameterizedTest
    @EnumSource
    void a_resolution_is_found_behind_any_application_data(Resolution resolution) {
        for (String data : new String[] {"", "{\"autoCommit\":false}", "two\nlines"}) {
            assertThat(resolution.addedTo(data)).startsWith(data);
            assertThat(Resolution.in(resolution.addedTo(data))).isEqualTo(resolution);
        }
        assertThat(Resolution.fromCode(resolution.code())).isEqualTo(resolution);
    }

    @Test
    void without_one_it_is_a_try_as_ever() {
        assertThat(Resolution.RETRY.addedTo("{}")).isEqualTo("{}");
        assertThat(Resolution.in("")).isEqualTo(Resolution.RETRY);
        assertThat(Resolution.in("{\"autoCommit\":false}")).isEqualTo(Resolution.RETRY);
    }

    @Test
    void one_of_a_later_version_is_not_guessed() {
        assertThatThrownBy(() -> Resolution.in("entente.resolution=MERGE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MERGE");
        assertThatThrownBy(() -> Resolution.fromCode(99)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_conflict_comes_apart_as_it_was_put_together() {
        ConflictText text = new ConflictText("row 1\nentente.conflict={} was changed", "{\"rows\":[]}");
        assertThat(ConflictText.of(text.joined())).isEqualTo(text);
        assertThat(text.joined()).startsWith(text.readable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "the disk is full", "{\"rows\":[]}"})
    void the_message_of_another_client_is_readable_as_it_is(String message) {
        assertThat(ConflictText.of(message)).isEqualTo(new ConflictText(message, ""));
    }

    @Test
    void rows_that_were_cut_off_on_the_way_are_no_rows() {
        String message = new ConflictText("row 1 was changed", "{\"rows\":[{\"table\":\"t\"").joined();
        assertThat(ConflictText.of(message)).isEqualTo(new ConflictText("row 1 was changed", ""));
    }
}
