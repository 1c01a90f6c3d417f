package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.image.Change;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.Row;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RowSelection;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE of one row, named by its whole key, which only adds whole numbers to whole numbers. It is undone by adding them
 * back, whatever the row was and has become, so the row need not be read: the statement runs as the application wrote it.
 *
 * @param values of the key's columns the value that the condition holds them to, of the others the {@link SqlValue.Delta}
 * @param otherwise where the parameters are not certain to be taken as they are, and for batches
 */
record AddedByKey(Table table, List<Column> columns, List<SqlValue> values, Deltas deltas, CapturePlan otherwise)
        implements CapturePlan {

    /** The plan itself where the statement is another. */
    static CapturePlan orElse(
            CapturePlan plan,
            Planner planner,
            TableDefinition definition,
            Update update,
            List<Column> columns,
            Deltas deltas)
            throws SQLException {
        Table table = definition.table();
        if (!LockedPlans.isKeyBound(definition, update.rows(), update.several())
                || !update.with().isEmpty()
                || !update.from().isEmpty()
                || !update.returning().isEmpty()
                || Derivation.of(definition, columns, update.assignments(), planner.dialect()) == null) {
            return plan;
        }
        Map<Column, SqlValue> known = new HashMap<>();
        for (RowSelection.Fixed fixed : update.rows().fixed()) {
            known.put(planner.columns(definition, List.of(fixed.column())).get(0), fixed.value());
        }
        for (var assignment : update.assignments()) {
            known.put(planner.columns(definition, List.of(assignment.column())).get(0), assignment.value());
        }
        List<SqlValue> values = new ArrayList<>();
        for (Column column : columns) {
            SqlValue value = known.get(column);
            boolean added = deltas.columns().contains(column.name()) && value instanceof SqlValue.Delta;
            boolean whole = planner.dialect().access(column).kind() == ValueKind.INTEGER && !column.nullable();
            if (value == null || !whole || added == table.isKey(column)) {
                return plan;
            }
            values.add(value);
        }
        return new AddedByKey(table, columns, values, deltas, plan);
    }

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        Change change = call.isBatch() ? null : change(call.bindings(), session);
        if (change == null) {
            return otherwise.execute(call, session);
        }
        Call.Ran<T> ran = session.run(call);
        return session.afterwards(call, () -> {
            long count = ran.total();
            if (count == 1) {
                session.record(change);
            } else if (count != 0) {
                throw new SQLException(
                        "it changed " + count + " rows of " + table.name() + ", which has one for a key");
            }
            return ran.answer();
        });
    }

    /** Null: uncertain. */
    private @Nullable Change change(@Nullable Bindings bindings, CaptureSession session) throws SQLException {
        List<@Nullable Object> nothing = new ArrayList<>(values.size());
        List<@Nullable Object> added = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            SqlValue value = values.get(i);
            SqlValue given = value instanceof SqlValue.Delta delta ? delta.number() : value;
            if (!(Derivation.certain(columns.get(i), given, bindings, session.dialect()) instanceof Long whole)) {
                return null;
            }
            if (!(value instanceof SqlValue.Delta delta)) {
                nothing.add(whole);
                added.add(whole);
            } else if (delta.negative() && whole == Long.MIN_VALUE) {
                return null;
            } else {
                nothing.add(0L);
                added.add(delta.negative() ? -whole : whole);
            }
        }
        return Change.added(table, columns, new Row(nothing), new Row(added), deltas);
    }
}
