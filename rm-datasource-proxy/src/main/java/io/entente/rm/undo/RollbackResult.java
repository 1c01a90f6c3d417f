package io.entente.rm.undo;

import java.util.List;
import java.util.stream.Collectors;

/** How the rollback of a branch ended. */
public sealed interface RollbackResult {

    /**
     * The branch's changes are undone and its undo row is gone.
     *
     * @param rows how many rows were written; less than the branch touched when some had their old values already
     */
    record Undone(int rows) implements RollbackResult {}

    /**
     * There is no undo row: the branch never committed locally, or was rolled back before. A defence row now keeps its
     * phase one from committing late.
     */
    record NothingToUndo() implements RollbackResult {}

    /**
     * A writer outside of global transactions changed rows of the branch. Nothing was undone, not even in part; the
     * undo row is still there.
     *
     * @param rows the rows in the way, never empty
     */
    record Dirty(List<DirtyRow> rows) implements RollbackResult {

        public Dirty {
            rows = List.copyOf(rows);
        }

        @Override
        public String toString() {
            return rows.stream().map(DirtyRow::toString).collect(Collectors.joining("\n"));
        }
    }
}
