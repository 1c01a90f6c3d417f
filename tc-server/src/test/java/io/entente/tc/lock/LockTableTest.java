package io.entente.tc.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LockTableTest {
    private static final List<RowKey> ROW = LockKeyText.parse("r", "t:1");

    private final LockTable locks = new LockTable();

    @Test
    void a_locked_row_is_in_conflict_for_others_only() {
        locks.acquire(7, ROW);
        assertThat(locks.conflict(8, LockKeyText.parse("r", "t:0,1"))).isEqualTo(new LockTable.Conflict(ROW.get(0), 7));
        assertThat(locks.conflict(7, ROW)).isNull();
        assertThat(locks.conflict(8, LockKeyText.parse("other", "t:1"))).isNull();
        assertThat(locks.conflict(8, LockKeyText.parse("r", "T:1"))).isNull();
    }

    @Test
    void a_row_held_by_two_branches_is_free_after_both_let_go() {
        locks.acquire(7, ROW);
        locks.acquire(7, ROW);
        locks.release(7, ROW);
        assertThat(locks.conflict(8, ROW)).isNotNull();
        locks.release(7, ROW);
        assertThat(locks.conflict(8, ROW)).isNull();
        assertThat(locks.size()).isZero();
    }

    @Test
    void taking_what_is_anothers_or_freeing_what_is_not_held_is_a_defect_that_shows() {
        locks.acquire(7, ROW);
        assertThatThrownBy(() -> locks.acquire(8, ROW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> locks.release(8, ROW)).isInstanceOf(IllegalStateException.class);
    }
}
