package io.entente.samples.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The checks of a story see what is wrong, and the tables show what has changed. */
final class FindingTest {

    private static final SortedMap<String, Integer> BEFORE = new TreeMap<>(Map.of("alice", 500, "bob", 300));

    @Test
    void what_has_only_changed_its_place_is_conserved() {
        SortedMap<String, Integer> left = new TreeMap<>(Map.of("alice", 420, "bob", 300));
        assertThat(Finding.conserved("money", BEFORE, left, Map.of("alice", 80)))
                .isEqualTo(new Finding("money", true, "together 800"));
    }

    @Test
    void what_is_lost_by_one_and_won_by_another_is_not_conserved() {
        SortedMap<String, Integer> left = new TreeMap<>(Map.of("alice", 420, "bob", 380));
        assertThat(Finding.conserved("money", BEFORE, left, Map.of()))
                .isEqualTo(new Finding("money", false, "should be {alice=500, bob=300} and is {alice=420, bob=380}"));
    }

    @Test
    void one_row_that_is_left_is_seen() {
        assertThat(Finding.noRows("none", Map.of("order", 0, "account", 0)).holds())
                .isTrue();
        assertThat(Finding.noRows("none", Map.of("order", 1))).isEqualTo(new Finding("none", false, "{order=1}"));
    }

    @Test
    void only_new_and_changed_lines_of_a_table_get_a_star() {
        Pane before = Pane.amounts("account", BEFORE);
        Pane after = Pane.amounts("account", new TreeMap<>(Map.of("alice", 420, "bob", 300, "carol", 1)));
        assertThat(after.comparedWith(before))
                .containsExactly("alice      420 *", "bob        300", "carol        1 *");
    }

    @Test
    void of_a_table_that_grows_only_the_newest_lines_are_shown() {
        Pane empty = Pane.newest(2, "orders", 20, List.of());
        Pane three = Pane.newest(2, "orders", 20, List.of("1", "2", "3"));
        assertThat(empty.comparedWith(empty)).containsExactly("(none)");
        assertThat(three.comparedWith(empty)).containsExactly("2 *", "3 *");
    }
}
