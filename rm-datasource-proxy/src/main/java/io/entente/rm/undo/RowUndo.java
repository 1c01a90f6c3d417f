package io.entente.rm.undo;

import io.entente.rm.image.Change;
import io.entente.rm.image.Row;
import io.entente.rm.table.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a change in three states: as the branch found it, as it left it, and as it is now.
 *
 * <p>A column that is as the branch left it gets its old value back; one that has its old value already stays. A number
 * that the branch changed by adding or subtracting is changed back by the same amount, whatever it is now. Any other column
 * is a conflict: somebody outside of global transactions has written it since.
 */
final class RowUndo {

    /** Stands for a number that was changed by adding, and which nobody has read. */
    private static final String UNREAD = "?";

    private final Change change;
    private final List<Column> columns;
    private final int index;
    private final Row key;
    private final @Nullable Row before;
    private final @Nullable Row after;
    private final @Nullable Row now;

    /**
     * @param columns the image's columns as the table has them now
     * @param index place of the row in the change's images
     * @param key of the row as the branch left it; of one that it deleted, as it found it
     * @param now null when there is no such row
     */
    RowUndo(Change change, List<Column> columns, int index, Row key, @Nullable Row now) {
        this.change = change;
        this.columns = columns;
        this.index = index;
        this.key = key;
        this.before = change.kind() == Change.Kind.INSERT
                ? null
                : change.before().rows().get(index);
        this.after = change.kind() == Change.Kind.DELETE
                ? null
                : change.after().rows().get(index);
        this.now = now;
    }

    int index() {
        return index;
    }

    Row key() {
        return key;
    }

    Change.Kind kind() {
        return change.kind();
    }

    /** Whether there is a row now. */
    boolean exists() {
        return now != null;
    }

    /** The row's value in the column now. */
    @Nullable
    Object now(Column column) {
        return value(now, columns.indexOf(column));
    }

    /** The row's key when the branch is undone. */
    Row keyBefore() {
        return kind() == Change.Kind.UPDATE ? change.before().keys().get(index) : key;
    }

    /** Whether the branch gave the row another key. */
    boolean keyMoved() {
        return !keyBefore().equals(key);
    }

    // ---------------------------------------------------------------- what stands in the way

    boolean isConflict(ConflictResolution resolution) {
        if (resolution == ConflictResolution.ACCEPT_CURRENT) {
            return false;
        }
        boolean conflict = conflicts();
        // Columns can be overwritten; a row that is gone cannot be put back from the few columns that were written.
        return resolution == ConflictResolution.FORCE_BEFORE_IMAGE
                ? conflict && kind() == Change.Kind.UPDATE && now == null
                : conflict;
    }

    private boolean conflicts() {
        return switch (kind()) {
            case INSERT -> now != null && !same(now, after);
            case DELETE -> now != null && !same(now, before);
            case UPDATE -> now == null || columnInTheWay();
        };
    }

    private boolean columnInTheWay() {
        for (int i = 0; i < columns.size(); i++) {
            if (isInTheWay(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isInTheWay(int i) {
        return columns.get(i).compared()
                && !same(value(now, i), value(after, i))
                && !same(value(now, i), value(before, i))
                && difference(i) == null;
    }

    /** Whether anything has to be written. */
    boolean hasWork(ConflictResolution resolution) {
        if (resolution == ConflictResolution.ACCEPT_CURRENT && conflicts()) {
            return false;
        }
        return switch (kind()) {
            case INSERT -> now != null;
            case DELETE -> now == null || !same(now, before);
            case UPDATE ->
                columns.stream()
                        .anyMatch(column -> restores(column) && !same(now(column), restored(column, resolution)));
        };
    }

    private boolean same(@Nullable Row one, @Nullable Row other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).compared() && !same(value(one, i), value(other, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        return one instanceof BigDecimal first && other instanceof BigDecimal second
                ? first.compareTo(second) == 0
                : Objects.equals(one, other);
    }

    // ---------------------------------------------------------------- what the row gets

    /** Whether the undo of an UPDATE has to write this column. */
    boolean restores(Column column) {
        int i = columns.indexOf(column);
        return !column.generated() && (column.autoUpdated() || !same(value(before, i), value(after, i)));
    }

    /** The column's value when the branch is undone. */
    @Nullable
    Object restored(Column column, ConflictResolution resolution) {
        int i = columns.indexOf(column);
        boolean changed = kind() == Change.Kind.UPDATE && column.compared() && !same(value(now, i), value(after, i));
        BigDecimal difference = changed ? difference(i) : null;
        if (difference != null) {
            // Whatever is forced: others may have added to the number too, and have still to undo their part.
            return add(value(now, i), difference);
        }
        return changed && resolution != ConflictResolution.FORCE_BEFORE_IMAGE ? value(now, i) : value(before, i);
    }

    /** What has to be added to a number that the branch had changed by adding; null where that is not the way back. */
    private @Nullable BigDecimal difference(int i) {
        BigDecimal old = number(value(before, i));
        BigDecimal left = number(value(after, i));
        boolean delta = change.deltas().contains(columns.get(i).name());
        return !delta || old == null || left == null || number(value(now, i)) == null ? null : old.subtract(left);
    }

    private static @Nullable BigDecimal number(@Nullable Object value) {
        if (value instanceof Long whole) {
            return BigDecimal.valueOf(whole);
        }
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }

    private static @Nullable Object add(@Nullable Object value, BigDecimal difference) {
        BigDecimal sum = Objects.requireNonNull(number(value)).add(difference);
        if (value instanceof Long) {
            // Too large a number is refused by the database as any other, so its text does as well.
            return sum.toBigInteger().bitLength() < Long.SIZE ? (Object) sum.longValueExact() : sum;
        }
        return value instanceof String ? sum.toPlainString() : sum;
    }

    private static @Nullable Object value(@Nullable Row row, int column) {
        return row == null ? null : row.values().get(column);
    }

    // ---------------------------------------------------------------- for people

    private static String signed(@Nullable Object added) {
        String text = String.valueOf(added);
        return text.startsWith("-") ? " - " + text.substring(1) : " + " + text;
    }

    String reason() {
        if (now == null) {
            return "the row was deleted";
        }
        return kind() == Change.Kind.DELETE
                ? "another row with this key was inserted"
                : "the row was changed by a writer outside of global transactions";
    }

    /** The row as it stands in the way. */
    DirtyRow inTheWay(String reason) {
        return explain(reason, !isConflict(ConflictResolution.FORCE_BEFORE_IMAGE));
    }

    /** The row as the database refuses to take it back. */
    DirtyRow refused(String reason) {
        return explain(reason, false);
    }

    private DirtyRow explain(String reason, boolean forcible) {
        List<DirtyRow.Difference> differences = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            boolean written = !same(value(before, i), value(after, i));
            boolean changed = !same(value(now, i), value(after, i));
            if (written || changed) {
                boolean unread = change.relative() && written;
                differences.add(new DirtyRow.Difference(
                        columns.get(i).name(),
                        columns.get(i).typeName(),
                        unread ? UNREAD : value(before, i),
                        unread ? UNREAD + signed(value(after, i)) : value(after, i),
                        value(now, i)));
            }
        }
        return new DirtyRow(
                change.table().name(), kind(), ChangeUndo.keyText(change, key), reason, forcible, differences);
    }
}
