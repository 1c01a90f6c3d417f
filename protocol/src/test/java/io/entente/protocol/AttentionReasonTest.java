package io.entente.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What machines read at the end of a message, and people do not see. */
class AttentionReasonTest {

    @ParameterizedTest
    @EnumSource(AttentionReason.class)
    void it_is_read_as_it_was_written_and_people_see_the_rest(AttentionReason reason) {
        String message = reason.addedTo("first line\nentente.reason=lies\nlast line");
        assertThat(AttentionReason.in(message)).isEqualTo(reason);
        assertThat(AttentionReason.without(message)).isEqualTo("first line\nentente.reason=lies\nlast line");
        assertThat(message.length() - AttentionReason.without(message).length())
                .isLessThanOrEqualTo(AttentionReason.MOST_CHARS);
        assertThat(AttentionReason.fromCode(reason.code())).isEqualTo(reason);
    }

    @Test
    void numbers_are_for_ever() {
        assertThat(Arrays.stream(AttentionReason.values()).map(AttentionReason::code))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThatThrownBy(() -> AttentionReason.fromCode(99)).hasMessageContaining("99");
    }

    @Test
    void who_knows_nothing_of_it_has_just_given_up() {
        for (String message :
                List.of("", "dirty data", "x\nentente.reason=OF_A_LATER_VERSION", "entente.reason=CONFLICT")) {
            assertThat(AttentionReason.in(message)).isEqualTo(AttentionReason.RESOURCE_MANAGER_GAVE_UP);
        }
        assertThat(AttentionReason.without("dirty data")).isEqualTo("dirty data");
    }

    @Test
    void rows_that_cannot_be_forced_are_named_whatever_their_values_are() {
        String rows = "{\"rows\":["
                + "{\"table\":\"a\",\"undoing\":\"UPDATE\",\"key\":\"id=1\",\"reason\":\"changed\",\"forcible\":true,\"columns\":[]},"
                + "{\"table\":\"b\",\"undoing\":\"UPDATE\",\"key\":\"n=\\\"{\\\"table\\\":\\\"x\\\",\\\"forcible\\\":false\",\"reason\":\"gone\","
                + "\"forcible\":false,\"columns\":[]},"
                + "{\"key\":\"id=3\",\"forcible\":false}]}";
        assertThat(ConflictText.unforcible(rows)).hasSize(2);
        assertThat(ConflictText.unforcible(rows).get(0)).startsWith("b(n=").endsWith("): gone");
        assertThat(ConflictText.showsUnforcible(rows)).isTrue();
        assertThat(ConflictText.unforcible("{\"rows\":[]}")).isEmpty();
        assertThat(ConflictText.unforcible("\"forcible\":false")).containsExactly("?(?): ?");
    }
}
