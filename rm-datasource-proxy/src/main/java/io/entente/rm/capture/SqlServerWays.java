package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.Source;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.Write;
import io.entente.rm.sql.RowSelection;
import io.entente.rm.table.Column;
import io.entente.rm.table.TableDefinition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SQL Server: OUTPUT, which has the old and the new values of every row that a statement inserted, updated or deleted. The
 * server allows it on tables without triggers only; where triggers are allowed, the rows are locked and read before, and
 * read again after.
 */
record SqlServerWays(Planner planner) implements Planner.Ways {

    private static final String NO_KEY = "CAST(NULL AS numeric(38, 0)) AS GENERATED_KEYS";

    private Dialect dialect() {
        return planner.dialect();
    }

    @Override
    public CapturePlan insert(Insert insert, TableDefinition table) throws SQLException {
        GivenRows given = GivenRows.of(table.table(), insert.columns(), insert.source());
        if (!table.triggers().isEmpty()) {
            return insertBesideTriggers(insert, given);
        }
        ImageColumns whole = Images.whole(table.table(), dialect());
        CapturePlan returned = returned(insert, table, null, whole, true, Deltas.NONE);
        boolean wantsNothing =
                planner.keys() instanceof KeyRequest.None && insert.returning().isEmpty();
        boolean keysGiven =
                table.table().key().stream().allMatch(column -> !column.autoIncrement() && given.place(column) >= 0);
        return wantsNothing && keysGiven && insert.source() instanceof Source.Values
                ? new BatchOrSingle(
                        new KeyedInsert(given, planner.keys(), KeyedInsert.Told.ANY_COLUMN_OF_ONE_ROW), returned)
                : returned;
    }

    private CapturePlan insertBesideTriggers(Insert insert, GivenRows given) throws StatementRefusedException {
        requireNoOutput(insert);
        if (insert.source() instanceof Source.Query) {
            throw planner.refused(
                    "INSERT … SELECT into a table with triggers cannot be captured, because OUTPUT is not allowed there",
                    "select the rows first and insert them with VALUES");
        }
        return new KeyedInsert(given, planner.keys(), KeyedInsert.Told.IDENTITY_OF_ONE_ROW);
    }

    @Override
    public CapturePlan update(Update update, List<TableDefinition> tables) throws SQLException {
        TableDefinition table = tables.get(0);
        if (!table.triggers().isEmpty()) {
            requireOneTable(update, update.several(), update.rows());
            return LockedPlans.update(
                    planner, update, List.of(new LockedPlans.Target(table, "", update.assignments())));
        }
        List<Column> written = planner.assigned(table, update);
        ImageColumns image = ImageColumns.of(table.table(), Images.ofUpdate(table, written), dialect());
        return returned(update, table, image, image, false, IncrementRule.deltas(planner, table, update));
    }

    @Override
    public CapturePlan delete(Delete delete, List<TableDefinition> tables) throws SQLException {
        TableDefinition table = tables.get(0);
        if (!table.triggers().isEmpty()) {
            requireOneTable(delete, delete.several(), delete.rows());
            return LockedPlans.delete(planner, delete, List.of(new LockedPlans.Target(table, "", List.of())));
        }
        return returned(delete, table, Images.whole(table.table(), dialect()), null, true, Deltas.NONE);
    }

    @Override
    public CapturePlan merge(Merge merge, TableDefinition table) throws SQLException {
        if (!table.triggers().isEmpty()) {
            throw planner.refused(
                    "MERGE into a table with triggers cannot be captured, because OUTPUT is not allowed there",
                    "use UPDATE and INSERT");
        }
        ImageColumns whole = Images.whole(table.table(), dialect());
        return returned(merge, table, whole, whole, true, Deltas.NONE);
    }

    // ---------------------------------------------------------------- OUTPUT

    private CapturePlan returned(
            Write write,
            TableDefinition table,
            @Nullable ImageColumns before,
            @Nullable ImageColumns after,
            boolean wholeRows,
            Deltas deltas) {
        Fragment list = write.returning().isEmpty() ? keys(write, table) : write.returning();
        List<String> items = new ArrayList<>();
        if (before != null) {
            items.add(before.select("deleted."));
        }
        if (after != null) {
            items.add(after.select("inserted."));
        }
        ComposedSql.Builder builder =
                ComposedSql.builder().add(write.statement()).add("OUTPUT");
        if (!list.isEmpty()) {
            builder.add(list).add(",");
        }
        builder.add(String.join(", ", items)).add(write.behind());
        if (write instanceof Merge) {
            builder.add(";");
        }
        return new ReturnedImages(
                builder.build(), table.table(), before, after, wholeRows, deltas, Set.of(), shown(write));
    }

    /** As the driver calls the one column that it tells, whatever is asked for. */
    private Fragment keys(Write write, TableDefinition table) {
        if (planner.keys() instanceof KeyRequest.None) {
            return Fragment.NONE;
        }
        String key = NO_KEY;
        for (Column column : table.table().columns()) {
            if (write instanceof Insert && column.autoIncrement()) {
                key = "CAST(inserted." + dialect().quote(column.name()) + " AS numeric(38, 0)) AS GENERATED_KEYS";
            }
        }
        return new Fragment(key, 1, 0);
    }

    private ReturnedImages.Shown shown(Write write) {
        if (planner.keys() instanceof KeyRequest.None) {
            return write.returning().isEmpty() ? ReturnedImages.Shown.COUNT : ReturnedImages.Shown.ROWS;
        }
        return write instanceof Insert || !write.returning().isEmpty()
                ? ReturnedImages.Shown.KEYS
                : ReturnedImages.Shown.FIRST_KEY;
    }

    // ---------------------------------------------------------------- beside triggers

    private void requireOneTable(Write write, boolean several, RowSelection rows) throws StatementRefusedException {
        requireNoOutput(write);
        boolean hinted = write instanceof Update update
                ? !update.tablesText().sql().equals(update.table().text())
                : write instanceof Delete delete
                        && !delete.tablesText().sql().equals(delete.table().text());
        if (several || hinted || !rows.limit().isEmpty()) {
            throw planner.refused(
                    "several tables, TOP and hints cannot be captured on a table with triggers, because OUTPUT is not"
                            + " allowed there",
                    "name the rows of the one table in WHERE, by sub-selects if need be");
        }
    }

    private void requireNoOutput(Write write) throws StatementRefusedException {
        if (!write.returning().isEmpty()) {
            throw planner.refused("OUTPUT is not allowed on a table with triggers", "SELECT the rows afterwards");
        }
    }
}
