package io.entente.rm.capture;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.LockKeys;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.Trigger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Which columns an image needs, and what two images of the same rows mean. */
final class Images {

    private Images() {}

    /** Key, written and automatically updated columns, in table order; all of them where a trigger may write others. */
    static List<Column> ofUpdate(TableDefinition definition, List<Column> written) {
        Table table = definition.table();
        boolean all = definition.triggers().stream().anyMatch(Trigger::onUpdate);
        return table.columns().stream()
                .filter(column -> all
                        || table.isKey(column)
                        || written.contains(column)
                        || (column.autoUpdated() && !column.generated()))
                .toList();
    }

    /** The numeric columns that every assignment of theirs changes by a number. */
    static Set<String> deltas(Table table, List<Assignment> assignments) {
        Set<String> deltas = new HashSet<>();
        Set<String> assigned = new HashSet<>();
        for (Assignment assignment : assignments) {
            Column column = table.column(assignment.column());
            if (column == null) {
                continue;
            }
            boolean first = assigned.add(column.name());
            if (first && assignment.value() instanceof SqlValue.Delta && !table.isKey(column)) {
                deltas.add(column.name());
            } else {
                deltas.remove(column.name());
            }
        }
        // What is immutable is not copied for each change.
        return Set.copyOf(deltas);
    }

    /** All columns. */
    static ImageColumns whole(Table table, Dialect dialect) throws SQLException {
        return ImageColumns.of(table, table.columns(), dialect);
    }

    /**
     * What happened to rows that were read, whole, before and after.
     *
     * @param before may have rows that the statement did not touch
     * @param after the rows with the keys of {@code before} that are still there, and those that are new
     * @param updatedKeys whether rows that are the same before and after were touched nevertheless, and are to be locked
     * @return deletions, updates, insertions, in this order; their undo in reverse order meets no unique key that is
     *     still taken. A key that is only written otherwise is updated.
     */
    static List<Change> differences(RowImage before, RowImage after, boolean updatedKeys) {
        Map<Row, Row> old = before.byKey();
        Map<Row, Row> now = after.byKey();
        List<Row> deleted = new ArrayList<>();
        List<Row> updatedBefore = new ArrayList<>();
        List<Row> updatedAfter = new ArrayList<>();
        Map<Row, Row> rewritten = rewritten(before.table(), old, now);
        old.forEach((key, row) -> {
            Row left = now.get(rewritten.getOrDefault(key, key));
            if (left == null) {
                deleted.add(row);
            } else if (updatedKeys || !left.equals(row)) {
                updatedBefore.add(row);
                updatedAfter.add(left);
            }
        });
        List<Row> inserted = now.entrySet().stream()
                .filter(entry -> !old.containsKey(entry.getKey()) && !rewritten.containsValue(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        return changes(
                before.with(deleted), before.with(updatedBefore), after.with(updatedAfter), after.with(inserted));
    }

    /** Keys that have gone, each with the one that came for it and which the database takes for the same. */
    private static Map<Row, Row> rewritten(Table table, Map<Row, Row> old, Map<Row, Row> now) {
        if (table.key().stream().allMatch(column -> column.folding() == Column.Folding.EXACT)) {
            return Map.of();
        }
        Map<Row, Row> came = new HashMap<>();
        for (Row key : now.keySet()) {
            if (!old.containsKey(key)) {
                came.put(LockKeys.folded(table, key), key);
            }
        }
        Map<Row, Row> rewritten = new HashMap<>();
        for (Row key : old.keySet()) {
            Row other = now.containsKey(key) ? null : came.remove(LockKeys.folded(table, key));
            if (other != null) {
                rewritten.put(key, other);
            }
        }
        return rewritten;
    }

    /**
     * The changes of whole rows; an update is reduced to the columns that it changed in any row.
     *
     * @param updatedAfter has each row in the place it has in {@code updatedBefore}
     */
    static List<Change> changes(RowImage deleted, RowImage updatedBefore, RowImage updatedAfter, RowImage inserted) {
        List<Change> changes = new ArrayList<>();
        if (!deleted.rows().isEmpty()) {
            changes.add(Change.deleted(deleted));
        }
        if (!updatedBefore.rows().isEmpty()) {
            List<Column> changed = changedColumns(updatedBefore, updatedAfter);
            changes.add(Change.updated(updatedBefore.only(changed), updatedAfter.only(changed), Set.of()));
        }
        if (!inserted.rows().isEmpty()) {
            changes.add(Change.inserted(inserted));
        }
        return changes;
    }

    private static List<Column> changedColumns(RowImage before, RowImage after) {
        List<Column> columns = before.columns();
        Set<Column> changed = columns.stream()
                .filter(column -> before.table().isKey(column))
                .collect(Collectors.toCollection(HashSet::new));
        for (int row = 0; row < before.rows().size(); row++) {
            for (int i = 0; i < columns.size(); i++) {
                Object old = before.rows().get(row).values().get(i);
                Object now = after.rows().get(row).values().get(i);
                if (!columns.get(i).generated() && !Objects.equals(old, now)) {
                    changed.add(columns.get(i));
                }
            }
        }
        // One that the database updates by itself would be updated again by the undo.
        columns.stream().filter(Column::autoUpdated).forEach(changed::add);
        return columns.stream().filter(changed::contains).toList();
    }
}
