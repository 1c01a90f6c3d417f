package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.MySql;
import io.entente.rm.sql.RecognizedSql.Source;
import io.entente.rm.table.Column;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.UniqueKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that rows to be inserted give to unique keys: by them the rows are found that they meet.
 *
 * @param uniqueKeys the columns of each key by which a row is the same
 * @param zeroGenerates whether a zero in an auto-increment column is replaced by a generated number
 */
record UniqueValues(GivenRows rows, List<List<Column>> uniqueKeys, boolean zeroGenerates, Dialect dialect) {

    /** Types of which a given value is rounded, or a text not read as a number. */
    private static final Set<String> APPROXIMATE = Set.of("float", "bit", "set");

    UniqueValues {
        uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
    }

    /**
     * All unique keys of the table.
     *
     * @throws StatementRefusedException of one it is not known which rows it lets a row meet
     */
    static UniqueValues of(
            Planner planner,
            TableDefinition table,
            @Nullable List<String> columns,
            Source source,
            boolean zeroGenerates)
            throws SQLException {
        return of(planner, table, table.uniqueKeys(), columns, source, zeroGenerates);
    }

    /** Some unique keys of the table. */
    static UniqueValues of(
            Planner planner,
            TableDefinition table,
            List<UniqueKey> uniqueKeys,
            @Nullable List<String> columns,
            Source source,
            boolean zeroGenerates)
            throws SQLException {
        List<List<Column>> keys = new ArrayList<>();
        for (UniqueKey key : uniqueKeys) {
            if (key.reach() != UniqueKey.Reach.COLUMNS) {
                throw planner.refused(
                        "by the unique index " + key.name() + " it may meet rows that are not known before it runs,"
                                + " because the index is over beginnings of values, an expression, NULLs or some rows only",
                        "SELECT … FOR UPDATE what is there, then UPDATE it or INSERT");
            }
            List<Column> columnsOfKey = planner.columns(table, key.columns());
            for (Column column : columnsOfKey) {
                boolean rounded =
                        column.typeName().startsWith("double") && column.size().scale() > 0;
                if (column.generated() || rounded || APPROXIMATE.contains(column.typeName())) {
                    throw planner.refused(
                            "by the unique index " + key.name() + " it may meet rows that are not known before it runs,"
                                    + " because " + column.name()
                                    + " is computed by the database or not stored as given",
                            "SELECT … FOR UPDATE what is there, then UPDATE it or INSERT");
                }
            }
            keys.add(columnsOfKey);
        }
        return new UniqueValues(GivenRows.of(table.table(), columns, source), keys, zeroGenerates, planner.dialect());
    }

    /** For each row of one execution the conditions of the rows that it may meet; none when it surely meets no other. */
    List<List<RowCondition>> conditions(@Nullable Bindings bindings, Call<?> call) throws SQLException {
        List<List<RowCondition>> byRow = new ArrayList<>();
        for (int row = 0; row < rows.count(); row++) {
            byRow.add(conditions(row, bindings, call));
        }
        return byRow;
    }

    private List<RowCondition> conditions(int row, @Nullable Bindings bindings, Call<?> call) throws SQLException {
        List<RowCondition> conditions = new ArrayList<>();
        for (List<Column> uniqueKey : uniqueKeys) {
            List<GivenValue.Known> known = new ArrayList<>();
            for (Column column : uniqueKey) {
                GivenValue value = rows.value(row, column, bindings, zeroGenerates);
                boolean zero = value instanceof GivenValue.LeftToDatabase
                        && rows.value(row, column, bindings, false) instanceof GivenValue.Known;
                if (zero) {
                    throw new StatementRefusedException(
                            call.sql(),
                            "it gives " + column.name()
                                    + " a zero, which the database stores or replaces by a generated"
                                    + " number, as the session's SQL mode says",
                            "leave " + column.name() + " out to have a number generated");
                }
                boolean defaulted = value instanceof GivenValue.LeftToDatabase
                        && (column.autoIncrement()
                                ? dialect.generatesTakenNumbers()
                                : column.byDefault() != Column.Preset.NONE);
                String named = defaulted && !column.autoIncrement() ? dialect.defaultOf(column) : "";
                if (!named.isEmpty()) {
                    value = new GivenValue.Known(named, null, null);
                } else if (defaulted || value instanceof GivenValue.Computed) {
                    throw new StatementRefusedException(
                            call.sql(),
                            "the value of the unique column " + column.name() + " is not known before it runs",
                            "give " + column.name() + " as a parameter or a literal");
                }
                if (value instanceof GivenValue.Missing && !column.nullable() && dialect instanceof MySql) {
                    throw new StatementRefusedException(
                            call.sql(),
                            "it gives NULL to " + column.name()
                                    + ", which cannot be NULL and gets another value in sessions that are not strict",
                            "give " + column.name() + " a value");
                }
                if (value instanceof GivenValue.Known given
                        && dialect instanceof MySql
                        && isStoredOtherwise(column, given)) {
                    throw new StatementRefusedException(
                            call.sql(),
                            "it gives " + column.name()
                                    + " a text that is stored otherwise: too long, or the number of a"
                                    + " member of an ENUM",
                            "give " + column.name() + " the text as it is stored");
                }
                if (value instanceof GivenValue.Known given) {
                    known.add(given);
                }
            }
            // With a NULL, or a number yet to be generated, a key is never there already.
            if (known.size() == uniqueKey.size()) {
                conditions.add(new RowCondition(uniqueKey, known));
            }
        }
        return conditions;
    }

    /** In spite of strictness, blanks at the end are cut off, and a number of an ENUM is its member. */
    private static boolean isStoredOtherwise(Column column, GivenValue.Known given) {
        int length = column.size().length();
        return switch (column.typeName()) {
            case "varchar", "char", "varbinary" -> given.longest() > length && length > 0;
            case "enum" -> given.isNumeric();
            default -> false;
        };
    }
}
