package io.entente.tc.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LockTableTest {
    private static final List<RowClaim> ROW = LockKeyText.parse("r", "t:1");

    private final LockTable locks = new LockTable();

    @Test
    void a_locked_row_is_in_conflict_for_others_only() {
        locks.acquire(7, ROW);
        assertThat(locks.conflict(8, LockKeyText.parse("r", "t:0,1")))
                .isEqualTo(new LockTable.Conflict(ROW.get(0).row(), 7));
        assertThat(locks.conflict(7, ROW)).isNull();
        assertThat(locks.conflict(8, LockKeyText.parse("other", "t:1"))).isNull();
        assertThat(locks.conflict(8, LockKeyText.parse("r", "T:1"))).isNull();
    }

    @Test
    void a_row_held_by_two_branches_is_free_after_both_let_go() {
        locks.acquire(7, ROW);
        locks.acquire(7, ROW);
        locks.releaseUndone(7, ROW);
        assertThat(locks.conflict(8, ROW)).isNotNull();
        locks.releaseUndone(7, ROW);
        assertThat(locks.conflict(8, ROW)).isNull();
        assertThat(locks.size()).isZero();
    }

    private static final List<RowClaim> LESS = LockKeyText.parse("r", "%(n-)t:1");
    private static final List<RowClaim> MORE = LockKeyText.parse("r", "%(n+)t:1");

    private RowLock row() {
        return locks.lock(ROW.get(0).row());
    }

    @Test
    void those_who_did_the_same_have_a_row_together() {
        locks.acquire(7, LESS);
        assertThat(locks.conflict(8, LESS)).isNull();
        locks.acquire(8, LESS);
        assertThat(row().holders()).containsExactly(7L, 8L);
        assertThat(row().mode()).isEqualTo("n-");
        assertThat(locks.conflict(9, MORE).holder()).isEqualTo(7);
        assertThat(locks.conflict(9, ROW).holder()).isEqualTo(7);
        locks.releaseUndone(7, LESS);
        assertThat(locks.conflict(9, MORE).holder()).isEqualTo(8);
        locks.releaseUndone(8, LESS);
        assertThat(locks.size()).isZero();
    }

    @Test
    void who_has_a_row_with_others_cannot_have_it_alone_before_they_let_go() {
        locks.acquire(7, LESS);
        locks.acquire(8, LESS);
        assertThat(locks.conflict(7, ROW).holder()).isEqualTo(8);
        assertThat(locks.conflict(7, MORE).holder()).isEqualTo(8);
        assertThatThrownBy(() -> locks.acquire(7, ROW)).isInstanceOf(IllegalStateException.class);
        locks.releaseUndone(8, LESS);
        locks.acquire(7, ROW);
        assertThat(row().mode()).isEmpty();
        assertThat(locks.conflict(8, LESS).holder()).isEqualTo(7);
        assertThat(locks.conflict(7, MORE)).isNull();
        locks.acquire(7, MORE);
        locks.releaseUndone(7, ROW);
        assertThat(locks.conflict(8, LESS))
                .as("less and more do not go together")
                .isNotNull();
        locks.releaseUndone(7, LESS);
        assertThat(row().mode()).isEqualTo("n+");
        locks.releaseUndone(7, MORE);
        assertThat(locks.size()).isZero();
    }

    @Test
    void the_same_claims_are_the_same_lock_in_whatever_order_they_come_and_go() {
        locks.acquire(7, ROW);
        locks.acquire(7, LESS);
        locks.acquire(7, ROW);
        LockTable other = new LockTable();
        other.acquire(7, LESS);
        other.acquire(7, ROW);
        other.acquire(7, ROW);
        assertThat(row()).isEqualTo(other.lock(ROW.get(0).row()));
        locks.releaseUndone(7, LESS);
        other.releaseUndone(7, LESS);
        assertThat(row()).isEqualTo(new RowLock.Exclusive(7, 2));
        assertThat(other.lock(ROW.get(0).row())).isEqualTo(new RowLock.Exclusive(7, 2));
        locks.acquire(7, MORE);
        locks.releaseUndone(7, ROW);
        locks.releaseUndone(7, ROW);
        assertThat(row().mode()).isEqualTo("n+");
    }

    @Test
    void taking_what_is_anothers_or_freeing_what_is_not_held_is_a_defect_that_shows() {
        locks.acquire(7, ROW);
        assertThatThrownBy(() -> locks.acquire(8, ROW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> locks.releaseUndone(8, ROW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> locks.releaseUndone(7, LESS)).isInstanceOf(IllegalStateException.class);
        locks.acquire(7, LESS);
        assertThatThrownBy(() -> locks.releaseUndone(7, MORE)).isInstanceOf(IllegalStateException.class);
    }
}
