package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.SqlAction;
import io.entente.rm.dialect.ColumnAccess;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.MergeActions;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MERGE where the database tells neither rows nor which of them are new: each action by itself. First the rows with a match
 * are locked and read, and the action for them is executed for their keys only. Then the INSERT, whose keys were computed:
 * a row that came in between has a match by then and is left out, so that the count tells of it. Executed together, such a
 * row would be updated, and taken for inserted.
 *
 * @param qualifier what stands before the table's columns, with its point
 * @param matched locks and reads the rows with a match; null without an action for them
 * @param change the MERGE with that action only, up to where a condition on the keys belongs
 * @param action behind that condition
 * @param newKeys the keys of the rows that are going to be inserted; null without an INSERT
 * @param insert the MERGE with the INSERT only
 */
record SplitMerge(
        TableDefinition definition,
        String qualifier,
        @Nullable LockedRows matched,
        ComposedSql change,
        Fragment action,
        @Nullable ComposedSql newKeys,
        ComposedSql insert)
        implements CapturePlan {

    static SplitMerge of(Planner planner, Merge merge, TableDefinition definition) throws SQLException {
        Table table = definition.table();
        MergeActions actions = merge.actions();
        String qualifier = merge.table().shortName() + ".";
        LockedRows matched = null;
        if (!actions.matched().isEmpty()) {
            ImageColumns whole = Images.whole(table, planner.dialect());
            ComposedSql rows = ComposedSql.builder()
                    .add("SELECT " + whole.select(qualifier) + " FROM "
                            + merge.table().text() + " WHERE EXISTS (SELECT 1 FROM")
                    .add(merge.source())
                    .add("WHERE")
                    .add(merge.on())
                    .add(")")
                    .add(planner.dialect().lockingClause())
                    .build();
            matched = new LockedRows(rows, definition, whole, null);
        }
        ComposedSql change = ComposedSql.builder()
                .add("MERGE INTO " + merge.table().text() + " USING")
                .add(merge.source())
                .add("ON (")
                .add(merge.on())
                .add("AND")
                .build();
        ComposedSql insert = ComposedSql.builder()
                .add("MERGE INTO " + merge.table().text() + " USING")
                .add(merge.source())
                .add("ON (")
                .add(merge.on())
                .add(")")
                .add(actions.unmatched())
                .build();
        ComposedSql newKeys = actions.unmatched().isEmpty() ? null : newKeys(planner, merge, definition);
        return new SplitMerge(definition, qualifier, matched, change, actions.matched(), newKeys, insert);
    }

    private static ComposedSql newKeys(Planner planner, Merge merge, TableDefinition definition) throws SQLException {
        Table table = definition.table();
        MergeActions actions = merge.actions();
        List<Column> columns = actions.columns() == null
                ? table.columns().stream().filter(column -> !column.invisible()).toList()
                : planner.columns(definition, actions.columns());
        ComposedSql.Builder builder = ComposedSql.builder();
        for (Column key : table.key()) {
            int place = columns.indexOf(key);
            Fragment value = place < 0 || place >= actions.values().size()
                    ? new Fragment("DEFAULT", 1, 0)
                    : actions.values().get(place);
            ColumnAccess access = planner.dialect().access(key);
            if (value.sql().equalsIgnoreCase("DEFAULT") || (value.parameters() > 0 && !access.valuePlain())) {
                throw planner.refused(
                        "the value of the key column " + key.name() + " cannot be known before it runs",
                        "give " + key.name() + " a value of the source");
            }
            String stored = planner.dialect().asStored(key, "(" + value.sql() + ")");
            builder.add(key.equals(table.key().get(0)) ? "SELECT" : ",")
                    .add(new Fragment(access.readValue(stored), value.firstParameter(), value.parameters()));
        }
        builder.add("FROM")
                .add(merge.source())
                .add("WHERE NOT EXISTS (SELECT 1 FROM " + merge.table().text() + " WHERE")
                .add(merge.on())
                .add(")");
        if (!actions.condition().isEmpty()) {
            builder.add("AND (").add(actions.condition()).add(")");
        }
        return builder.build();
    }

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        long[] counts = new long[call.parameters().size()];
        for (int i = 0; i < counts.length; i++) {
            Bindings bindings = call.parameters().get(i);
            counts[i] = Batches.element(
                    call, counts, i, () -> undivided(call, session, () -> one(call, session, bindings)));
        }
        return call.elsewhere(counts);
    }

    /** When the second statement fails, nothing is left of the first. */
    private static long undivided(Call<?> call, CaptureSession session, SqlAction<Long> action) throws SQLException {
        if (session.work().isOwn()) {
            return action.run();
        }
        Savepoint before = session.work().isNew() ? null : session.real().setSavepoint();
        try {
            long count = action.run();
            if (before != null) {
                session.dialect().release(session.real(), before);
            }
            return count;
        } catch (CaptureFailedException e) {
            throw e;
        } catch (SQLException e) {
            try {
                if (before == null) {
                    session.real().rollback();
                } else {
                    session.real().rollback(before);
                }
            } catch (SQLException lost) {
                e.addSuppressed(lost);
                throw session.broken(call, e.getMessage() + ", and " + lost.getMessage(), e);
            }
            throw e;
        }
    }

    private long one(Call<?> call, CaptureSession session, @Nullable Bindings bindings) throws SQLException {
        Table table = definition.table();
        ImageColumns whole = Images.whole(table, session.dialect());
        RowImage none = new RowImage(table, whole.columns(), List.of());
        RowImage before =
                matched == null ? none : matched.read(call, bindings, session).rows();
        List<Row> added = newKeys == null ? List.of() : added(call, session, bindings, newKeys);
        long changed = before.rows().isEmpty() ? 0 : change(call, session, bindings, before);
        long inserted = added.isEmpty() ? 0 : executed(call, session, bindings, insert, List.of());
        return session.afterwards(call, () -> {
            if (inserted != added.size()) {
                throw new SQLException(
                        "it says it inserted " + inserted + " rows of " + table.name() + ", but before it" + " ran, "
                                + added.size() + " rows had no match; a row must have come in between. Try again");
            }
            List<Row> after = new ArrayList<>(
                    session.readLeft(table, whole.columns(), before.keys()).rows());
            after.addAll(session.readEach(table, whole.columns(), added));
            session.record(Images.differences(before, none.with(after), true));
            return changed + inserted;
        });
    }

    private List<Row> added(Call<?> call, CaptureSession session, @Nullable Bindings bindings, ComposedSql query)
            throws SQLException {
        ImageColumns key =
                ImageColumns.named(definition.table(), definition.table().key(), session.dialect());
        List<Row> added = new ArrayList<>();
        try (CaptureSession.Executed executed = session.query(query, bindings, call, ResultSet.TYPE_FORWARD_ONLY)) {
            ResultSet result = executed.statement().getResultSet();
            while (result.next()) {
                added.add(key.read(result, 1));
            }
        }
        return added;
    }

    private long change(Call<?> call, CaptureSession session, @Nullable Bindings bindings, RowImage before)
            throws SQLException {
        Dialect dialect = session.dialect();
        Table table = before.table();
        long count = 0;
        for (List<Row> keys : ImageReader.portions(table, before.keys())) {
            ComposedSql sql = ComposedSql.builder()
                    .addAll(change)
                    .addOurs(
                            "(" + dialect.keyPredicate(table, keys.size(), qualifier) + ") )",
                            keys.size() * table.keyColumns().size())
                    .add(action)
                    .build();
            count += executed(call, session, bindings, sql, keys);
        }
        return count;
    }

    /** @param keys of the matched rows, when the statement names them */
    private long executed(
            Call<?> call, CaptureSession session, @Nullable Bindings bindings, ComposedSql sql, List<Row> keys)
            throws SQLException {
        try (PreparedStatement statement = session.real().prepareStatement(sql.sql())) {
            CaptureSession.limitTime(statement, call);
            if (bindings != null) {
                sql.bind(statement, bindings);
            }
            if (!keys.isEmpty()) {
                ImageReader.bindKeys(statement, sql.firstOfOurs(), definition.table(), keys, session.dialect());
            }
            return statement.executeUpdate();
        }
    }
}
