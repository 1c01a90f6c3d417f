package io.entente.rm.capture;

import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.ConflictTarget;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.Source;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.table.Column;
import io.entente.rm.table.Identifier;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.UniqueKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** PostgreSQL before version 18: RETURNING has the new values only, so the old ones are locked and read before. */
final class OldPostgreSqlWays {

    private OldPostgreSqlWays() {}

    static CapturePlan update(PostgreSqlWays ways, Update update, TableDefinition table, List<Column> written)
            throws SQLException {
        ImageColumns image = ImageColumns.of(table.table(), Images.ofUpdate(table, written), ways.dialect());
        if (written.stream().anyMatch(table.table()::isKey)) {
            throw ways.planner()
                    .refused(
                            "an UPDATE of key columns can be captured from PostgreSQL 18 on only",
                            "delete the row and insert it under its new key");
        }
        String target = update.table().shortName();
        ComposedSql before = ComposedSql.builder()
                .add(update.with())
                .add("SELECT")
                .add(image.select(target + "."))
                .add("FROM")
                .add(update.tablesText())
                .addIfAny(",", update.from())
                .addIfAny("WHERE", update.rows().where())
                .add("FOR UPDATE OF " + target)
                .build();
        LockedRows rows = new LockedRows(before, table, image, null);
        PostgreSqlWays.Shown shown = ways.shown(update);
        return new LockedThenReturned(
                rows::read,
                statement(update.statement(), shown, image.select(target + "."), target + ".tableoid"),
                table.table(),
                image,
                false,
                false,
                IncrementRule.deltas(ways.planner(), table, update),
                table.storageIds(),
                shown.as());
    }

    static CapturePlan upsert(PostgreSqlWays ways, Insert insert, TableDefinition table) throws SQLException {
        if (insert.source() instanceof Source.Query) {
            throw ways.planner()
                    .refused(
                            "INSERT … SELECT … ON CONFLICT DO UPDATE can be captured from PostgreSQL 18 on only",
                            "select the rows first and insert them with VALUES");
        }
        ImageColumns whole = Images.whole(table.table(), ways.dialect());
        UniqueValues unique = UniqueValues.of(
                ways.planner(), table, keysMet(ways, insert, table), insert.columns(), insert.source(), false);
        LockedThenReturned.RowsBefore before = (call, bindings, session) -> {
            List<RowCondition> conditions = unique.conditions(bindings, call).stream()
                    .flatMap(List::stream)
                    .toList();
            RowImage rows = RowCondition.read(table.table(), conditions, true, session, call);
            return new LockedRows.Found(rows, List.of());
        };
        PostgreSqlWays.Shown shown = ways.shown(insert);
        String target = insert.table().shortName() + ".";
        return new LockedThenReturned(
                before,
                // A row that this command has inserted has no deleter yet; one that it has updated was locked by it.
                statement(insert.statement(), shown, whole.select(target), target + "tableoid, " + target + "xmax = 0"),
                table.table(),
                whole,
                true,
                true,
                Deltas.NONE,
                table.storageIds(),
                shown.as());
    }

    /** Those by which a row may be met; in any other key it would fail. Without any the database complains. */
    private static List<UniqueKey> keysMet(PostgreSqlWays ways, Insert insert, TableDefinition table)
            throws SQLException {
        ConflictTarget target =
                insert.onConflict() instanceof OnConflict.Update update ? update.target() : new ConflictTarget.AnyKey();
        if (target instanceof ConflictTarget.Expression) {
            throw ways.planner()
                    .refused(
                            "ON CONFLICT by an expression or a condition can be captured from PostgreSQL 18 on only",
                            "SELECT … FOR UPDATE what is there, then UPDATE it or INSERT");
        }
        List<UniqueKey> met = new ArrayList<>();
        for (UniqueKey key : table.uniqueKeys()) {
            boolean meant = key.reach() != UniqueKey.Reach.UNKNOWN;
            if (target instanceof ConflictTarget.Constraint constraint) {
                Identifier name = Identifier.parse(constraint.name());
                meant = name.quoted()
                        ? key.name().equals(name.text())
                        : key.name().equalsIgnoreCase(name.text());
            } else if (target instanceof ConflictTarget.Columns columns) {
                List<Column> named = ways.planner().columns(table, columns.names());
                meant = meant
                        && Set.copyOf(named).equals(Set.copyOf(ways.planner().columns(table, key.columns())));
            }
            if (meant) {
                met.add(key);
            }
        }
        return met;
    }

    private static ComposedSql statement(Fragment statement, PostgreSqlWays.Shown shown, String image, String more) {
        ComposedSql.Builder builder = ComposedSql.builder().add(statement).add("RETURNING");
        if (!shown.list().isEmpty()) {
            builder.add(shown.list()).add(",");
        }
        return builder.add(image + ", " + more).build();
    }
}
