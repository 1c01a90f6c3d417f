package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.ColumnAccess;
import io.entente.rm.dialect.MySql;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RowSelection;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Plans for databases that do not return the rows a statement changes: these are locked and read before. */
final class LockedPlans {

    private LockedPlans() {}

    /**
     * A table whose rows are changed.
     *
     * @param qualifier what stands before its columns in the statement, with its point; may be empty
     * @param assignments those of its columns; empty for a DELETE
     */
    record Target(TableDefinition definition, String qualifier, List<Assignment> assignments) {}

    /** @param targets the updated tables, one unless the database can update several at once */
    static CapturePlan update(Planner planner, Update update, List<Target> targets) throws SQLException {
        List<LockedUpdate.Target> updated = new ArrayList<>();
        boolean keyBound =
                targets.size() == 1 && isKeyBound(targets.get(0).definition(), update.rows(), update.several());
        for (Target target : targets) {
            List<Column> written = planner.columns(
                    target.definition(),
                    target.assignments().stream().map(Assignment::column).toList());
            LockedRows rows = rows(planner, update, target, written);
            Table table = target.definition().table();
            if (update.leavesRowsOut() && rows.newKeys() != null) {
                throw planner.refused(
                        "UPDATE IGNORE leaves out rows whose new key is taken, and then a key no longer tells which row"
                                + " it was",
                        "update the key without IGNORE, or delete the row and insert it under its new key");
            }
            updated.add(new LockedUpdate.Target(
                    rows,
                    target.qualifier(),
                    targets.size() == 1
                            ? IncrementRule.deltas(planner, target.definition(), update)
                            : IncrementRule.alone(table, target.assignments()),
                    update.leavesRowsOut() || rows.newKeys() != null
                            ? null
                            : Derivation.of(
                                    target.definition(),
                                    rows.image().columns(),
                                    target.assignments(),
                                    planner.dialect())));
        }
        if (targets.size() > 1) {
            requireSameRows(planner, update.tablesText(), update.rows());
            return new LockedUpdate(updated, null, true, false, null);
        }
        ComposedSql.Builder head = ComposedSql.builder()
                .add(update.with())
                .add(update.verb())
                .add(update.tablesText())
                .add("SET")
                .add(update.assignmentsText());
        boolean varying = targets.get(0).assignments().stream()
                .anyMatch(assignment -> assignment.value() instanceof SqlValue.Expression expression
                        && expression.on() == SqlValue.DependsOn.ANYTHING);
        if (!update.rows().repeatable() && update.assignmentsText().sql().contains("@")) {
            throw planner.refused(
                    "it assigns variables, whose values depend on which rows are looked at, and in which order",
                    "select the values first and give them as parameters");
        }
        ByKeys byKeys = byKeys(planner, head, update.rows(), update.several(), varying);
        return new LockedUpdate(
                updated, byKeys, keyBound, keyBound, inOneTrip(planner, update, updated.get(0), keyBound));
    }

    private static @Nullable ComposedSql inOneTrip(
            Planner planner, Update update, LockedUpdate.Target target, boolean keyBound) {
        boolean possible = planner.dialect() instanceof MySql mySql
                && mySql.runsBlocks()
                && keyBound
                && planner.keys() instanceof KeyRequest.None
                && target.rows().newKeys() == null;
        return possible
                ? ComposedSql.builder()
                        .add("BEGIN NOT ATOMIC")
                        .addAll(target.rows().sql())
                        .add(";")
                        .add(update.statement())
                        .add("; END")
                        .build()
                : null;
    }

    private static LockedRows rows(Planner planner, Update update, Target target, List<Column> written)
            throws SQLException {
        Table table = target.definition().table();
        ImageColumns image =
                ImageColumns.named(table, Images.ofUpdate(target.definition(), written), planner.dialect());
        ComposedSql.Builder builder =
                ComposedSql.builder().add(update.with()).add("SELECT").add(image.select(target.qualifier()));
        ImageColumns newKeys = null;
        if (written.stream().anyMatch(table::isKey)) {
            newKeys = ImageColumns.named(table, table.key(), planner.dialect());
            for (Column column : table.key()) {
                builder.add(",");
                addNewValue(planner, builder, column, target, update);
            }
        }
        addRows(planner, builder, update.tablesText(), update.rows());
        return new LockedRows(builder.build(), target.definition(), image, newKeys);
    }

    /** What the column will be: the assigned expression, evaluated where the old row is. */
    private static void addNewValue(
            Planner planner, ComposedSql.Builder builder, Column column, Target target, Update update)
            throws SQLException {
        String quoted = target.qualifier() + planner.dialect().quote(column.name());
        Assignment assignment = null;
        for (Assignment each : target.assignments()) {
            if (column.equals(target.definition().table().column(each.column()))) {
                if (assignment != null) {
                    throw unknownKey(planner, column);
                }
                assignment = each;
            }
        }
        if (assignment == null) {
            builder.add(planner.dialect().access(column).read(quoted));
            return;
        }
        if (planner.dialect() instanceof MySql && mayReadAssigned(assignment, update)) {
            throw unknownKey(planner, column);
        }
        Fragment assigned = text(planner, assignment.value(), column, quoted);
        // The parameters of the piece stand where the column stands in the expression that reads it.
        ColumnAccess access = planner.dialect().access(column);
        if (assigned.parameters() > 0 && !access.valuePlain()) {
            throw unknownKey(planner, column);
        }
        String read = access.readValue(planner.dialect().asStored(column, "(" + assigned.sql() + ")"));
        builder.add(new Fragment(read, assigned.firstParameter(), assigned.parameters()));
    }

    /**
     * MySQL assigns from left to right, and what stands further right sees the new values; in which order it updates
     * several tables it does not say. Whether a name occurs is told from the letters alone, so rather too often; other
     * letters than those of ASCII may be written in several ways.
     */
    private static boolean mayReadAssigned(Assignment assignment, Update update) {
        if (!(assignment.value() instanceof SqlValue.Expression expression)
                || expression.on() == SqlValue.DependsOn.NOTHING) {
            return false;
        }
        String text = expression.text().sql().toLowerCase(Locale.ROOT);
        for (Assignment other : update.assignments()) {
            if (other.equals(assignment)) {
                if (update.several()) {
                    continue;
                }
                return false;
            }
            String name = other.column().replaceAll("^[`\"]|[`\"]$", "").toLowerCase(Locale.ROOT);
            boolean oneSpelling = name.chars().allMatch(c -> c < 128 && c != '`' && c != '"');
            if (!oneSpelling || text.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static Fragment text(Planner planner, SqlValue value, Column column, String quoted) throws SQLException {
        if (value instanceof SqlValue.Parameter parameter) {
            return new Fragment("?", parameter.number(), 1);
        } else if (value instanceof SqlValue.Literal literal) {
            return new Fragment(literal.text(), 1, 0);
        } else if (value instanceof SqlValue.Expression expression
                && expression.on() != SqlValue.DependsOn.ANYTHING
                && !expression.text().isEmpty()) {
            return expression.text();
        } else if (value instanceof SqlValue.Delta delta) {
            Fragment number = text(planner, delta.number(), column, quoted);
            return new Fragment(
                    quoted + (delta.negative() ? " - (" : " + (") + number.sql() + ")",
                    number.firstParameter(),
                    number.parameters());
        }
        throw unknownKey(planner, column);
    }

    private static StatementRefusedException unknownKey(Planner planner, Column column) {
        return planner.refused(
                "the new value of its key column " + column.name() + " cannot be known before it runs",
                "delete the row and insert it under its new key");
    }

    /** @param targets the tables that rows are deleted from, one unless the database can delete from several at once */
    static CapturePlan delete(Planner planner, Delete delete, List<Target> targets) throws SQLException {
        List<LockedRows> deleted = new ArrayList<>();
        List<String> qualifiers = new ArrayList<>();
        for (Target target : targets) {
            ImageColumns image = Images.whole(target.definition().table(), planner.dialect());
            ComposedSql.Builder builder =
                    ComposedSql.builder().add(delete.with()).add("SELECT").add(image.select(target.qualifier()));
            addRows(planner, builder, delete.tablesText(), delete.rows());
            deleted.add(new LockedRows(builder.build(), target.definition(), image, null));
            qualifiers.add(target.qualifier());
        }
        if (targets.size() > 1) {
            requireSameRows(planner, delete.tablesText(), delete.rows());
            return new LockedDelete(deleted, qualifiers, null, true);
        }
        ComposedSql.Builder head = ComposedSql.builder().add(delete.with()).add(delete.verb());
        if (!delete.targets().isEmpty()) {
            head.add(delete.targets().get(0));
        }
        head.add("FROM").add(delete.tablesText());
        boolean keyBound = isKeyBound(targets.get(0).definition(), delete.rows(), delete.several());
        return new LockedDelete(
                deleted, qualifiers, byKeys(planner, head, delete.rows(), delete.several(), false), keyBound);
    }

    /**
     * Of several tables the statement is executed as it is written: what chose their rows before has to choose the same
     * ones then. A sub-select of a change reads the newest rows, where that of a query may read older ones.
     */
    private static void requireSameRows(Planner planner, Fragment tables, RowSelection rows)
            throws StatementRefusedException {
        if (!rows.repeatable() || rows.where().mayHaveSubSelect() || tables.mayHaveSubSelect()) {
            throw planner.refused(
                    "it changes several tables, and may find other rows when it runs than a query before it",
                    "write a statement for each table, or select the keys first and name them");
        }
    }

    private static void addRows(Planner planner, ComposedSql.Builder builder, Fragment tables, RowSelection rows) {
        builder.add("FROM")
                .add(tables)
                .add(planner.dialect().lockingHint())
                .addIfAny("WHERE", rows.where())
                .add(rows.order())
                .add(rows.limit())
                .add(rows.limit().isEmpty() ? planner.dialect().unlimited() : "")
                .add(planner.dialect().lockingClause());
    }

    /**
     * With several tables the condition joins them, and a sub-select reads other rows in a change than in a query on MySQL
     * and MariaDB: there the condition stays, and the keys are added to it.
     */
    private static ByKeys byKeys(
            Planner planner, ComposedSql.Builder head, RowSelection rows, boolean several, boolean varying)
            throws SQLException {
        if (several && !(rows.order().isEmpty() && rows.limit().isEmpty())) {
            throw planner.refused(
                    "by its ORDER BY or LIMIT it chooses among what several tables yield together",
                    "select the keys and the values first, and write an UPDATE or DELETE of one table");
        }
        boolean stays = several || rows.where().mayHaveSubSelect();
        if (stays && !rows.repeatable()) {
            throw planner.refused(
                    "its condition chooses other rows each time it is evaluated",
                    "select the keys first and name them in WHERE");
        }
        head.add("WHERE");
        if (stays && !rows.where().isEmpty()) {
            head.add("(").add(rows.where()).add(") AND");
        }
        return new ByKeys(head.build(), several ? Fragment.NONE : rows.order(), stays || varying);
    }

    /** Whether the condition holds every column of the key to one value, and does nothing that could change meanwhile. */
    static boolean isKeyBound(TableDefinition definition, RowSelection rows, boolean several) {
        Table table = definition.table();
        List<@Nullable Column> fixed =
                new ArrayList<>(rows.fixedColumns().stream().map(table::column).toList());
        return !several
                && rows.order().isEmpty()
                && rows.limit().isEmpty()
                && rows.repeatable()
                && !rows.where().mayHaveSubSelect()
                && fixed.containsAll(table.key());
    }
}
