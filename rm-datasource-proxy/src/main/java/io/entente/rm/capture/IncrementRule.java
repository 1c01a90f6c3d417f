package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.Deltas.Sharing;
import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RowSelection;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.table.Column;
import io.entente.rm.table.Identifier;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.Trigger;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether an UPDATE does nothing to its rows but add to numbers, in a way that others may do before it is committed or
 * undone: decision 13 has the argument.
 */
final class IncrementRule {

    /** A CHECK that holds for every number between two for which it holds, once all signs that say nothing are gone. */
    private static final String INTERVAL = "(%1$s(>=|>|<=|<)-?[0-9.]+)(and%1$s(>=|>|<=|<)-?[0-9.]+)*";

    /** As PostgreSQL and H2 write the numbers of other types. */
    private static final Pattern CASTS = Pattern.compile("cast\\((-?[0-9.]+) as [a-z]+(?:\\([0-9, ]+\\))?\\)"
            + "|::(?:numeric|smallint|integer|bigint|real|double precision)(?![a-z])");

    /** A sum or a difference, which exists for every number between two for which it does. */
    private static final Pattern SUM = Pattern.compile(
            TableDefinition.COMPUTED + "(?!.*(?:\\w\\s*\\(|\\b(?:div|mod|case)\\b))[\\w\\s\"`().+-]*", Pattern.DOTALL);

    private static final Pattern SIGNS = Pattern.compile("[()\"`'\\s]|^check");

    private IncrementRule() {}

    /** Of a statement whose rows nobody else may have meanwhile. */
    static Deltas alone(Table table, List<Assignment> assignments) {
        return new Deltas(Images.deltas(table, assignments), Sharing.NONE);
    }

    static Deltas deltas(Planner planner, TableDefinition definition, Update update) throws SQLException {
        Set<String> columns = Images.deltas(definition.table(), update.assignments());
        return new Deltas(columns, columns.isEmpty() ? Sharing.NONE : sharing(planner, definition, update, columns));
    }

    private static Sharing sharing(Planner planner, TableDefinition definition, Update update, Set<String> columns)
            throws SQLException {
        boolean plain = planner.at().incrementLocks()
                && planner.keys() instanceof KeyRequest.None
                && !update.several()
                && !update.leavesRowsOut()
                && update.with().isEmpty()
                && update.from().isEmpty()
                && update.returning().isEmpty()
                && update.rows().order().isEmpty()
                && update.rows().limit().isEmpty()
                && definition.storageIds().size() <= 1
                && definition.triggers().stream().noneMatch(Trigger::onUpdate);
        if (!plain || !onlyAdds(planner, definition.table(), update, columns)) {
            return Sharing.NONE;
        }
        boolean understood = onlyNamesColumns(definition.table(), update.rows()) && !generatedIsRestricted(definition);
        Sharing sharing = understood ? Sharing.EITHER : Sharing.NONE;
        for (String column : columns) {
            sharing = sharing.and(restricted(definition, column) ? Sharing.NONE : whereAllows(update.rows(), column));
        }
        return sharing;
    }

    /** Every column that it writes is an exact number to which it adds one that no row tells. */
    private static boolean onlyAdds(Planner planner, Table table, Update update, Set<String> columns)
            throws SQLException {
        for (Assignment assignment : update.assignments()) {
            Column column = table.column(assignment.column());
            boolean adds = assignment.value() instanceof SqlValue.Delta delta
                    && (delta.number() instanceof SqlValue.Parameter || delta.number() instanceof SqlValue.Literal);
            if (column == null || !adds || !columns.contains(column.name())) {
                return false;
            }
            // PostgreSQL's are captured as texts, because of NaN.
            ValueKind kind = planner.dialect().access(column).kind();
            if (!kind.isExactNumber() && !column.typeName().equals("numeric")) {
                return false;
            }
        }
        return table.columns().stream().noneMatch(column -> column.autoUpdated() && !column.generated());
    }

    /** Generated columns may be computed from the number, and on PostgreSQL a function may be written like a column. */
    private static boolean onlyNamesColumns(Table table, RowSelection rows) {
        List<RowSelection.Bound> bounds = rows.bounds();
        if (bounds == null) {
            return false;
        }
        return Stream.concat(rows.fixedColumns().stream(), bounds.stream().map(RowSelection.Bound::column))
                .map(table::column)
                .allMatch(column -> column != null && !column.generated());
    }

    /** A column that is computed from others may be from the number. */
    private static boolean generatedIsRestricted(TableDefinition definition) {
        List<String> checks = definition.checks();
        return definition.table().columns().stream()
                .filter(Column::generated)
                .map(column -> column.name().toLowerCase(Locale.ROOT))
                .anyMatch(name -> isUnique(definition, name)
                        || (checks != null
                                && checks.stream().anyMatch(check -> names(check.toLowerCase(Locale.ROOT), name))));
    }

    private static boolean isUnique(TableDefinition definition, String column) {
        return definition.uniqueKeys().stream()
                .anyMatch(key -> key.columns().stream().anyMatch(column::equalsIgnoreCase));
    }

    /** Whether a number between two that the database took might not be taken. */
    private static boolean restricted(TableDefinition definition, String column) {
        List<String> checks = definition.checks();
        if (checks == null || isUnique(definition, column)) {
            return true;
        }
        String name = column.toLowerCase(Locale.ROOT);
        Pattern interval = Pattern.compile(String.format(INTERVAL, Pattern.quote(name)));
        for (String check : checks) {
            String text = CASTS.matcher(check.toLowerCase(Locale.ROOT))
                    .replaceAll(cast -> cast.group(1) == null ? "" : cast.group(1));
            boolean allows = SUM.matcher(text).matches()
                    || interval.matcher(SIGNS.matcher(text).replaceAll("")).matches();
            if (names(text, name) && !allows) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(String text, String name) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)")
                .matcher(text)
                .find();
    }

    /** A lower bound stays kept when others undo what they have taken away, an upper one when they undo what they gave. */
    private static Sharing whereAllows(RowSelection rows, String column) {
        List<RowSelection.Bound> bounds = rows.bounds();
        if (bounds == null || rows.fixedColumns().stream().anyMatch(fixed -> isSame(fixed, column))) {
            return Sharing.NONE;
        }
        Sharing sharing = Sharing.EITHER;
        for (RowSelection.Bound bound : bounds) {
            if (isSame(bound.column(), column)) {
                sharing = sharing.and(bound.lower() ? Sharing.LESS : Sharing.MORE);
            }
        }
        return sharing;
    }

    private static boolean isSame(String written, String column) {
        return Identifier.parse(written).text().equalsIgnoreCase(column);
    }
}
