package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.PostgreSql;
import io.entente.rm.image.Deltas;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.CommonTable;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.ReturnedItem;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.Write;
import io.entente.rm.sql.RecognizedSql.WritingWith;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plans {@code WITH a AS (DELETE … RETURNING …) …}.
 *
 * <p>Each change becomes a query of our own name that returns the application's items and its rows as texts; the
 * application's name becomes a query of these items. In the end one result has the application's rows and, beside them,
 * those of all changes:
 *
 * <pre>
 * WITH entente_0(c1, b, a, t) AS (DELETE … RETURNING …), gone(id) AS (SELECT c1 FROM entente_0), …
 * SELECT u.*, i.* FROM (the application's rows) u FULL JOIN (the rows of all changes) i ON false
 * </pre>
 */
final class PostgreSqlWith {

    private final Planner planner;
    private final PostgreSql dialect;
    private final List<WithImages.Part> parts = new ArrayList<>();

    /** Those of all queries, which every change may read. */
    private String names = "";

    PostgreSqlWith(Planner planner, PostgreSql dialect) {
        this.planner = planner;
        this.dialect = dialect;
    }

    /** @param tables of the changes, in their order */
    CapturePlan plan(WritingWith with, List<TableDefinition> tables) throws SQLException {
        if (!(planner.keys() instanceof KeyRequest.None)) {
            throw planner.refused(
                    "generated keys of WITH around changes are not supported", "write RETURNING and read the rows");
        }
        requireKnownOrder(with);
        names = String.join(" ", with.queries().stream().map(CommonTable::name).toList());
        ComposedSql.Builder sql = ComposedSql.builder().add(with.recursive() ? "WITH RECURSIVE" : "WITH");
        String separator = "";
        int change = 0;
        for (CommonTable query : with.queries()) {
            sql.add(separator);
            separator = ",";
            if (query.write() == null) {
                sql.add(query.name()).add(query.columns()).add("AS").add(query.materialized());
                sql.add("(").add(query.text()).add(")");
                continue;
            }
            List<Item> items = addChange(sql, change, query, query.write(), tables.get(change));
            if (!items.isEmpty()) {
                sql.add(", " + query.name())
                        .add(query.columns())
                        .add("AS (SELECT " + select(items) + " FROM " + hidden(change) + ")");
            }
            change++;
        }
        Write main = with.main().write();
        boolean rows = main == null || !main.returning().isEmpty();
        String shown = "SELECT 1 AS nothing WHERE false";
        if (main != null) {
            sql.add(",");
            List<Item> items = addChange(sql, change, with.main(), main, tables.get(change));
            if (rows) {
                shown = "SELECT " + select(items) + " FROM " + hidden(change);
            }
        }
        sql.add("SELECT u.*, i.* FROM (SELECT x.*, row_number() OVER () AS entente_r FROM (");
        if (main == null) {
            sql.add(with.main().text());
        } else {
            sql.add(shown);
        }
        sql.add(") x) u FULL JOIN (" + images() + ") i ON false");
        return new WithImages(sql.build(), parts, main == null ? -1 : change, rows);
    }

    /** In which order PostgreSQL makes changes that do not read each other is its own affair, and another one for ours. */
    private void requireKnownOrder(WritingWith with) throws StatementRefusedException {
        List<CommonTable> writes = new ArrayList<>(with.queries());
        writes.add(with.main());
        writes.removeIf(query -> query.write() == null);
        for (int i = 0; i < writes.size(); i++) {
            for (CommonTable later : writes.subList(i + 1, writes.size())) {
                Write one = Objects.requireNonNull(writes.get(i).write());
                Write other = Objects.requireNonNull(later.write());
                boolean sameTable = one.table()
                        .qualifiedName()
                        .equalsIgnoreCase(other.table().qualifiedName());
                if (sameTable && !mentions(other, writes.get(i)) && !mentions(one, later)) {
                    throw planner.refused(
                            "two of its changes are of " + one.table().qualifiedName()
                                    + ", and neither reads the other, so that their order is not known",
                            "execute them as statements of their own, or let one read what the other returns");
                }
            }
        }
    }

    private static boolean mentions(Write write, CommonTable query) {
        // The last one has no name.
        return !query.name().isEmpty()
                && Pattern.compile("(?<!\\w)" + Pattern.quote(query.name()) + "(?!\\w)", Pattern.CASE_INSENSITIVE)
                        .matcher(write.statement().sql())
                        .find();
    }

    private static String hidden(int change) {
        return "entente_" + change;
    }

    /** @param sql of the expression inside the change; {@code name} is quoted as it has to be */
    private record Item(Fragment sql, String name) {}

    private List<Item> addChange(
            ComposedSql.Builder sql, int change, CommonTable query, Write write, TableDefinition definition)
            throws SQLException {
        planner.requireNoUnseenEffects(write, definition);
        PostgreSqlWays.requireNoIdentityDefault(planner, write, definition.table());
        Table table = definition.table();
        boolean old = !(write instanceof Insert insert) || insert.onConflict() instanceof OnConflict.Update;
        boolean now = !(write instanceof Delete);
        boolean whole = !(write instanceof Update);
        List<Column> columns = write instanceof Update update
                ? Images.ofUpdate(definition, planner.assigned(definition, update))
                : table.columns();
        parts.add(new WithImages.Part(
                table,
                columns,
                columns.stream().map(column -> dialect.access(column).kind()).toList(),
                whole,
                write instanceof Update update ? IncrementRule.alone(table, update.assignments()) : Deltas.NONE,
                definition.storageIds()));
        ReturningClause clause = ReturningClause.of(
                write.returning(), names + " " + write.statement().sql());
        List<Item> items = items(query, write, table);
        sql.add(hidden(change) + " AS (")
                .add(write.statement())
                .add("RETURNING")
                .add(clause.names());
        for (int i = 0; i < items.size(); i++) {
            sql.add(items.get(i).sql()).add("AS c" + i + ",");
        }
        String width = whole ? width(table) : "";
        sql.add((old ? texts(columns, clause.old(), width) : "NULL::text[]") + " AS b,");
        sql.add((now ? texts(columns, clause.now(), width) : "NULL::text[]") + " AS a,");
        sql.add(clause.tableoid(old, now) + " AS t)");
        return items;
    }

    private List<Item> items(CommonTable query, Write write, Table table) throws SQLException {
        List<Item> items = new ArrayList<>();
        for (ReturnedItem item : query.returned()) {
            if (item.star()) {
                requireOneTable(write);
                for (Column column : table.columns()) {
                    String quoted = dialect.quote(column.name());
                    items.add(new Item(new Fragment(quoted, 1, 0), quoted));
                }
                continue;
            }
            @Nullable String name = item.name();
            if (name == null && query.columns().isEmpty()) {
                throw planner.refused(
                        "an item of RETURNING inside of WITH has no name: "
                                + item.expression().sql(),
                        "give it one: … AS name");
            }
            items.add(new Item(item.expression(), name == null ? "c" : name));
        }
        return items;
    }

    private void requireOneTable(Write write) throws StatementRefusedException {
        boolean one = write instanceof Insert
                || (write instanceof Update update && update.from().isEmpty())
                || (write instanceof Delete delete && delete.using().isEmpty());
        if (!one || write instanceof Merge) {
            throw planner.refused(
                    "RETURNING * of a change with several tables inside of WITH is not supported",
                    "name the columns behind RETURNING");
        }
    }

    private static String select(List<Item> items) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            columns.add("c" + i + " AS " + items.get(i).name());
        }
        return String.join(", ", columns);
    }

    /** The columns as an array of texts, the one type that rows of all tables have in common. */
    private String texts(List<Column> columns, String qualifier, String width) {
        List<String> texts = new ArrayList<>();
        for (Column column : columns) {
            texts.add(dialect.asText(column, qualifier + dialect.quote(column.name())));
        }
        if (!width.isEmpty()) {
            texts.add(width);
        }
        return "ARRAY[" + String.join(", ", texts) + "]";
    }

    /** How many columns the table has now: one that is new would be missing in the images. */
    private String width(Table table) {
        return "(SELECT count(*)::text FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid = '"
                + dialect.qualifiedName(table.name()).replace("'", "''") + "'::regclass)";
    }

    private String images() {
        List<String> queries = new ArrayList<>();
        for (int change = 0; change < parts.size(); change++) {
            queries.add("SELECT " + change + " AS p, b, a, t FROM " + hidden(change));
        }
        return String.join(" UNION ALL ", queries);
    }
}
