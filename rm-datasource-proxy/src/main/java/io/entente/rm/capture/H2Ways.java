package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.DeltaTable;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.KeyedMerge;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.Source;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.Write;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.UniqueKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** H2: a change inside {@code OLD TABLE (…)} or {@code FINAL TABLE (…)} returns its rows as they were or as they became. */
record H2Ways(Planner planner) implements Planner.Ways {

    private Dialect dialect() {
        return planner.dialect();
    }

    private boolean wantsNoKeys() {
        return planner.keys() instanceof KeyRequest.None;
    }

    @Override
    public CapturePlan insert(Insert insert, TableDefinition table) throws SQLException {
        OnConflict onConflict = insert.onConflict();
        if (onConflict instanceof OnConflict.Fail) {
            KeyedInsert keyed = keyed(insert.columns(), insert.source(), table);
            return wantsNoKeys() ? new BatchOrSingle(keyed, finalTable(insert, table)) : keyed;
        }
        if (onConflict instanceof OnConflict.Ignore) {
            if (!wantsNoKeys()) {
                throw planner.refused(
                        "generated keys of an INSERT that ignores rows are not supported on H2",
                        "insert without asking for keys");
            }
            return finalTable(insert, table);
        }
        // H2's MySQL mode. What FINAL TABLE shows there lacks the updated rows.
        if (insert.source() instanceof Source.Query) {
            throw planner.refused(
                    "an INSERT … SELECT that may meet rows which are there cannot be captured",
                    "select the rows first and insert them with VALUES");
        }
        UniqueValues unique = UniqueValues.of(planner, table, insert.columns(), insert.source(), true);
        LockedUpsert.Kind kind =
                onConflict instanceof OnConflict.Update ? LockedUpsert.Kind.UPDATE : LockedUpsert.Kind.REPLACE;
        return new LockedUpsert(unique, kind, keyed(insert.columns(), insert.source(), table));
    }

    private KeyedInsert keyed(
            @org.jspecify.annotations.Nullable List<String> columns, Source source, TableDefinition table) {
        return new KeyedInsert(
                GivenRows.of(table.table(), columns, source), planner.keys(), KeyedInsert.Told.ANY_COLUMN);
    }

    private CapturePlan finalTable(Write write, TableDefinition table) throws SQLException {
        ImageColumns whole = Images.whole(table.table(), dialect());
        return new ReturnedImages(
                deltaTable(whole.select(""), "FINAL", write.statement()),
                table.table(),
                null,
                whole,
                true,
                Deltas.NONE,
                Set.of(),
                ReturnedImages.Shown.COUNT);
    }

    private static ComposedSql deltaTable(String selectList, String kind, Fragment statement) {
        return ComposedSql.builder()
                .add("SELECT " + selectList + " FROM " + kind + " TABLE (")
                .add(statement)
                .add(")")
                .build();
    }

    @Override
    public CapturePlan delete(Delete delete, List<TableDefinition> tables) throws SQLException {
        Table table = tables.get(0).table();
        ImageColumns whole = Images.whole(table, dialect());
        return new ReturnedImages(
                deltaTable(whole.select(""), "OLD", delete.statement()),
                table,
                whole,
                null,
                true,
                Deltas.NONE,
                Set.of(),
                ReturnedImages.Shown.COUNT);
    }

    @Override
    public CapturePlan update(Update update, List<TableDefinition> tables) throws SQLException {
        TableDefinition table = tables.get(0);
        List<Column> written = planner.assigned(table, update);
        if (written.stream().anyMatch(table.table()::isKey) || !wantsNoKeys()) {
            return LockedPlans.update(
                    planner, update, List.of(new LockedPlans.Target(table, "", update.assignments())));
        }
        ImageColumns image = ImageColumns.named(table.table(), Images.ofUpdate(table, written), dialect());
        Deltas deltas = IncrementRule.deltas(planner, table, update);
        CapturePlan plan = new OldThenRead(
                deltaTable(image.select(""), "OLD", update.statement()),
                image,
                deltas,
                Derivation.of(table, image.columns(), update.assignments(), dialect()));
        return AddedByKey.orElse(plan, planner, table, update, image.columns(), deltas);
    }

    @Override
    public CapturePlan merge(Merge merge, TableDefinition table) throws SQLException {
        if (merge.bySource()) {
            throw planner.refused("MERGE … BY SOURCE is not supported", "use UPDATE or DELETE with NOT EXISTS");
        }
        requireKeysStay(merge.updated(), table.table());
        if (!merge.actions().repeatable()) {
            throw planner.refused(
                    "its source, condition or values may be others each time they are evaluated",
                    "select the rows first and name them");
        }
        ImageColumns whole = Images.whole(table.table(), dialect());
        ComposedSql rows = ComposedSql.builder()
                .add("SELECT " + whole.select("") + " FROM " + merge.table().text() + " WHERE EXISTS (SELECT 1 FROM")
                .add(merge.source())
                .add("WHERE")
                .add(merge.on())
                .add(") FOR UPDATE")
                .build();
        return new LockedMerge(new LockedRows(rows, table, whole, null), planner.keys());
    }

    @Override
    public CapturePlan keyedMerge(KeyedMerge merge, TableDefinition table) throws SQLException {
        if (merge.source() instanceof Source.Query) {
            throw planner.refused("MERGE … KEY with a query is not supported", "use MERGE INTO … USING … ON …");
        }
        List<Column> keys = merge.keys() == null ? primaryKey(table) : planner.columns(table, merge.keys());
        GivenRows rows = GivenRows.of(table.table(), merge.columns(), merge.source());
        UniqueValues unique = new UniqueValues(rows, List.of(keys), false, dialect());
        return new LockedUpsert(unique, LockedUpsert.Kind.MERGE, null);
    }

    private List<Column> primaryKey(TableDefinition table) throws SQLException {
        for (UniqueKey key : table.uniqueKeys()) {
            if (key.primary()) {
                return planner.columns(table, key.columns());
            }
        }
        throw planner.refused("MERGE without KEY needs a primary key", "name the columns: KEY (…)");
    }

    private void requireKeysStay(List<String> updated, Table table) throws StatementRefusedException {
        for (String name : updated) {
            Column column = table.column(name);
            if (column != null && table.isKey(column)) {
                throw planner.refused(
                        "it updates " + column.name() + ", which is part of the key of " + table.name(),
                        "leave the key as it is, or use UPDATE for it");
            }
        }
    }

    // ---------------------------------------------------------------- the application's own FINAL TABLE

    @Override
    public CapturePlan deltaTable(DeltaTable query, List<TableDefinition> tables) throws SQLException {
        TableDefinition table = tables.get(0);
        planner.requireNoUnseenEffects(query.write(), table);
        boolean inserts = query.write() instanceof Insert insert
                && !(insert.onConflict() instanceof OnConflict.Update)
                && !(insert.onConflict() instanceof OnConflict.Replace)
                && !query.kind().equals("OLD");
        boolean deletes = query.write() instanceof Delete && query.kind().equals("OLD");
        if (inserts || deletes) {
            ImageColumns whole = ImageColumns.named(table.table(), table.table().columns(), dialect());
            return new ReturnedImages(
                    shownDeltaTable(query, whole),
                    table.table(),
                    deletes ? whole : null,
                    inserts ? whole : null,
                    true,
                    Deltas.NONE,
                    Set.of(),
                    ReturnedImages.Shown.ROWS);
        }
        if (query.write() instanceof Update update) {
            return updateInside(query, update, table);
        }
        throw planner.refused(
                query.kind() + " TABLE of this change is not supported", "execute the change and then SELECT the rows");
    }

    private CapturePlan updateInside(DeltaTable query, Update update, TableDefinition table) throws SQLException {
        List<Column> written = planner.assigned(table, update);
        if (query.kind().equals("OLD") || written.stream().anyMatch(table.table()::isKey)) {
            throw planner.refused(
                    query.kind() + " TABLE of this UPDATE is not supported",
                    "execute the UPDATE and then SELECT the rows");
        }
        List<Column> columns = new ArrayList<>(Images.ofUpdate(table, written));
        ImageColumns image = ImageColumns.named(table.table(), columns, dialect());
        ComposedSql before = ComposedSql.builder()
                .add("SELECT " + image.select("") + " FROM")
                .add(update.tablesText())
                .addIfAny("WHERE", update.rows().where())
                .add(update.rows().order())
                .add(update.rows().limit())
                .add("FOR UPDATE")
                .build();
        LockedRows rows = new LockedRows(before, table, image, null);
        return new LockedThenReturned(
                rows::read,
                shownDeltaTable(query, image),
                table.table(),
                image,
                false,
                false,
                IncrementRule.alone(table.table(), update.assignments()),
                Set.of(),
                ReturnedImages.Shown.ROWS);
    }

    private static ComposedSql shownDeltaTable(DeltaTable query, ImageColumns image) {
        return ComposedSql.builder()
                .add("SELECT")
                .add(query.selectList())
                .add(", " + image.select("") + " FROM " + query.kind() + " TABLE (")
                .add(query.write().statement())
                .add(")")
                .add(query.alias())
                .build();
    }
}
