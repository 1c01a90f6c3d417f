package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.MySql;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.Source;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.Write;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.sql.TableReference;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and MariaDB: the rows are locked and read before, and read again after. MariaDB's RETURNING serves where it tells
 * all that is needed: the rows of an INSERT, and those of a DELETE from one table.
 */
record MySqlWays(Planner planner, MySql dialect) implements Planner.Ways {

    // ---------------------------------------------------------------- several tables

    /** The tables that an UPDATE changes, by the qualifiers of the columns it assigns. */
    static List<TableReference> targets(Update update) {
        if (update.tables().size() == 1) {
            return update.tables();
        }
        Set<TableReference> targets = new LinkedHashSet<>();
        for (Assignment assignment : update.assignments()) {
            targets.add(
                    assignment.qualifier() == null ? update.table() : called(update.tables(), assignment.qualifier()));
        }
        return List.copyOf(targets);
    }

    /** The tables that a DELETE deletes from. */
    static List<TableReference> targets(Delete delete) {
        if (delete.targets().isEmpty()) {
            return List.of(delete.table());
        }
        return delete.targets().stream()
                .map(name -> called(delete.tables(), name.substring(name.lastIndexOf('.') + 1)))
                .distinct()
                .toList();
    }

    /** Without a table of that name the database has the last word. */
    private static TableReference called(List<TableReference> tables, String name) {
        TableReference called = TableReference.called(tables, name);
        return called == null ? new TableReference(null, name, null, name) : called;
    }

    @Override
    public CapturePlan update(Update update, List<TableDefinition> tables) throws SQLException {
        requireNoReturning(update);
        List<TableReference> references = targets(update);
        List<LockedPlans.Target> targets = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            TableReference reference = references.get(i);
            List<Assignment> own = update.assignments();
            if (update.tables().size() > 1) {
                requireQualified(update);
                own = own.stream()
                        .filter(assignment -> reference.equals(called(update.tables(), qualifier(assignment))))
                        .toList();
            }
            planner.requireNoUnseen(
                    tables.get(i),
                    Planner.Effect.UPDATE,
                    planner.columns(
                            tables.get(i), own.stream().map(Assignment::column).toList()));
            targets.add(new LockedPlans.Target(tables.get(i), qualifier(reference, update.several()), own));
        }
        requireDifferent(tables);
        return LockedPlans.update(planner, update, targets);
    }

    /** A row that is changed under two names has one state between that nobody has seen. */
    private void requireDifferent(List<TableDefinition> changed) throws StatementRefusedException {
        Set<Table> tables = new HashSet<>();
        for (TableDefinition each : changed) {
            if (!tables.add(each.table())) {
                throw planner.refused(
                        "it changes " + each.table().name() + " under two names",
                        "write a statement for each of them, which names the others only to join them");
            }
        }
    }

    private static String qualifier(Assignment assignment) {
        return String.valueOf(assignment.qualifier());
    }

    private void requireQualified(Update update) throws StatementRefusedException {
        for (Assignment assignment : update.assignments()) {
            if (assignment.qualifier() == null) {
                throw planner.refused(
                        "it names several tables and assigns " + assignment.column() + " without saying of which",
                        "write the table or its alias before each assigned column");
            }
        }
    }

    private static String qualifier(TableReference table, boolean several) {
        return several ? table.shortName() + "." : "";
    }

    @Override
    public CapturePlan delete(Delete delete, List<TableDefinition> tables) throws SQLException {
        for (TableDefinition table : tables) {
            planner.requireNoUnseen(table, Planner.Effect.DELETE, List.of());
        }
        if (dialect.isMariaDb() && !delete.several()) {
            return deleteReturning(delete, tables.get(0));
        }
        requireNoReturning(delete);
        List<TableReference> references = targets(delete);
        List<LockedPlans.Target> targets = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            targets.add(
                    new LockedPlans.Target(tables.get(i), qualifier(references.get(i), delete.several()), List.of()));
        }
        requireDifferent(tables);
        return LockedPlans.delete(planner, delete, targets);
    }

    private CapturePlan deleteReturning(Delete delete, TableDefinition table) throws SQLException {
        boolean own = !delete.returning().isEmpty();
        ImageColumns whole = own ? named(table.table()) : Images.whole(table.table(), dialect);
        return returned(delete, table.table(), whole, null, own ? delete.returning() : Fragment.NONE, shown(delete));
    }

    // ---------------------------------------------------------------- INSERT

    @Override
    public CapturePlan insert(Insert insert, TableDefinition table) throws SQLException {
        boolean doublyQuoted = insert.source() instanceof Source.Values values
                && values.rows().stream()
                        .flatMap(List::stream)
                        .anyMatch(value -> value instanceof SqlValue.Literal literal
                                && literal.text().startsWith("\""));
        CapturePlan plan = planned(insert, table);
        return doublyQuoted ? new DoublyQuotedTexts(dialect, plan) : plan;
    }

    private CapturePlan planned(Insert insert, TableDefinition table) throws SQLException {
        OnConflict onConflict = insert.onConflict();
        boolean fails = onConflict instanceof OnConflict.Fail;
        if (dialect.insertReturns() && (fails || onConflict instanceof OnConflict.Ignore)) {
            return insertReturning(insert, table, fails);
        }
        requireNoReturning(insert);
        if (insert.source() instanceof Source.Query) {
            throw planner.refused(
                    fails
                            ? "INSERT … SELECT cannot be captured on MySQL, which does not tell the rows it inserts"
                            : "an INSERT … SELECT that may meet rows which are there cannot be captured",
                    "select the rows first and insert them with VALUES");
        }
        CapturePlan keyed = new KeyedInsert(
                GivenRows.of(table.table(), insert.columns(), insert.source()),
                planner.keys(),
                KeyedInsert.Told.AUTO_INCREMENT);
        if (fails) {
            return keyed;
        }
        requireKeysStay(onConflict, table.table());
        UniqueValues unique = UniqueValues.of(planner, table, insert.columns(), insert.source(), true);
        LockedUpsert.Kind kind = onConflict instanceof OnConflict.Ignore
                ? LockedUpsert.Kind.IGNORE
                : onConflict instanceof OnConflict.Update ? LockedUpsert.Kind.UPDATE : LockedUpsert.Kind.REPLACE;
        return new LockedUpsert(unique, kind, keyed);
    }

    private void requireKeysStay(OnConflict onConflict, Table table) throws StatementRefusedException {
        if (!(onConflict instanceof OnConflict.Update update)) {
            return;
        }
        for (String name : update.columns()) {
            Column column = table.column(name);
            if (column != null && table.isKey(column)) {
                throw planner.refused(
                        "it may update " + column.name() + ", which is part of the key of " + table.name(),
                        "leave the key as it is, or delete the row and insert it under its new key");
            }
        }
    }

    /** A batch with known keys goes as the driver sends it, which is in one go; the rest is returned by each statement. */
    private CapturePlan insertReturning(Insert insert, TableDefinition table, boolean fails) throws SQLException {
        boolean wantsKeys = !(planner.keys() instanceof KeyRequest.None)
                && insert.returning().isEmpty();
        Column generated = generated(table.table());
        boolean own = !insert.returning().isEmpty() || (wantsKeys && generated != null);
        ImageColumns whole = own ? named(table.table()) : Images.whole(table.table(), dialect);
        // As the driver calls the one column that it tells, whatever is asked for.
        Fragment list = wantsKeys && generated != null
                ? new Fragment(dialect.quote(generated.name()) + " AS insert_id", 1, 0)
                : insert.returning();
        ReturnedImages.Shown shown = wantsKeys && generated == null ? ReturnedImages.Shown.COUNT : shown(insert);
        CapturePlan returned = returned(insert, table.table(), null, whole, list, shown);
        GivenRows given = GivenRows.of(table.table(), insert.columns(), insert.source());
        boolean severalKeysGiven = wantsKeys && generated != null && given.place(generated) >= 0 && given.count() != 1;
        boolean values = !(insert.source() instanceof Source.Query);
        if (severalKeysGiven && !(fails && values)) {
            throw planner.refused(
                    "which of its keys the driver would tell is not known",
                    "ask for no generated keys, or have them returned by RETURNING");
        }
        if (!fails || !values || !insert.returning().isEmpty()) {
            return returned;
        }
        CapturePlan keyed = new KeyedInsert(given, planner.keys(), KeyedInsert.Told.AUTO_INCREMENT);
        return severalKeysGiven ? keyed : new BatchOrSingle(keyed, returned);
    }

    private static @Nullable Column generated(Table table) {
        return table.columns().stream()
                .filter(Column::autoIncrement)
                .findFirst()
                .orElse(null);
    }

    /** By name, because a star may not stand behind the application's own items. */
    private ImageColumns named(Table table) throws SQLException {
        return ImageColumns.named(table, table.columns(), dialect);
    }

    private ReturnedImages.Shown shown(Write write) {
        if (planner.keys() instanceof KeyRequest.None) {
            return write.returning().isEmpty() ? ReturnedImages.Shown.COUNT : ReturnedImages.Shown.ROWS;
        }
        return write instanceof Delete && write.returning().isEmpty()
                ? ReturnedImages.Shown.COUNT
                : write.returning().isEmpty() ? ReturnedImages.Shown.FIRST_KEY : ReturnedImages.Shown.ROWS;
    }

    private static CapturePlan returned(
            Write write,
            Table table,
            @Nullable ImageColumns before,
            @Nullable ImageColumns after,
            Fragment list,
            ReturnedImages.Shown shown) {
        ImageColumns image = before == null ? after : before;
        if (image == null) {
            throw new IllegalArgumentException("Neither old nor new rows are returned");
        }
        ComposedSql.Builder builder =
                ComposedSql.builder().add(write.statement()).add("RETURNING");
        if (!list.isEmpty()) {
            builder.add(list).add(",");
        }
        return new ReturnedImages(
                builder.add(image.select("")).build(), table, before, after, true, Deltas.NONE, Set.of(), shown);
    }

    private void requireNoReturning(Write write) throws StatementRefusedException {
        if (!write.returning().isEmpty()) {
            throw planner.refused(
                    "RETURNING of this statement is not supported",
                    "leave RETURNING out: SELECT in the same local transaction, or use getGeneratedKeys()");
        }
    }

    @Override
    public CapturePlan merge(Merge merge, TableDefinition table) throws SQLException {
        throw planner.refused("MySQL and MariaDB have no MERGE", "use INSERT … ON DUPLICATE KEY UPDATE");
    }
}
