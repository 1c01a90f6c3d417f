package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.PostgreSql;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.Write;
import io.entente.rm.sql.RecognizedSql.WritingWith;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: RETURNING. From version 18 on it has the old and the new values of every row that a statement inserted,
 * updated or deleted; before, only the new values of an INSERT or UPDATE and the old ones of a DELETE.
 */
record PostgreSqlWays(Planner planner, PostgreSql dialect) implements Planner.Ways {

    static final String OLD = "entente_old";
    static final String NEW = "entente_new";
    private static final Pattern DEFAULT = Pattern.compile("\\bDEFAULT\\b", Pattern.CASE_INSENSITIVE);

    @Override
    public CapturePlan insert(Insert insert, TableDefinition table) throws SQLException {
        ImageColumns whole = Images.whole(table.table(), dialect);
        if (insert.onConflict() instanceof OnConflict.Update) {
            requireNoIdentityDefault(planner, insert, table.table());
            if (!dialect.returnsOldAndNew()) {
                return OldPostgreSqlWays.upsert(this, insert, table);
            }
            return returned(insert, table, whole, whole, true, Deltas.NONE);
        }
        return returned(insert, table, null, whole, true, Deltas.NONE);
    }

    @Override
    public CapturePlan update(Update update, List<TableDefinition> tables) throws SQLException {
        TableDefinition table = tables.get(0);
        List<Column> written = planner.assigned(table, update);
        requireNoIdentityDefault(planner, update, table.table());
        if (!dialect.returnsOldAndNew()) {
            return OldPostgreSqlWays.update(this, update, table, written);
        }
        ImageColumns image = ImageColumns.of(table.table(), Images.ofUpdate(table, written), dialect);
        return returned(update, table, image, image, false, IncrementRule.deltas(planner, table, update));
    }

    /** An identity column that is GENERATED ALWAYS takes nothing else, so that its old number could not be written back. */
    static void requireNoIdentityDefault(Planner planner, Write write, Table table) throws StatementRefusedException {
        List<String> assigned = List.of();
        if (write instanceof Update update) {
            assigned = update.assignments().stream().map(Assignment::column).toList();
        } else if (write instanceof Insert insert && insert.onConflict() instanceof OnConflict.Update update) {
            assigned = update.columns();
        } else if (write instanceof Merge merge) {
            assigned = merge.updated();
        }
        boolean defaults = DEFAULT.matcher(write.statement().sql()).find();
        for (String name : assigned) {
            Column column = table.column(name);
            if (defaults && column != null && column.autoIncrement()) {
                throw planner.refused(
                        "the old number of " + column.name() + " may not be written back, where it is GENERATED ALWAYS",
                        "delete the row and insert it again");
            }
        }
    }

    @Override
    public CapturePlan delete(Delete delete, List<TableDefinition> tables) throws SQLException {
        TableDefinition table = tables.get(0);
        return returned(delete, table, Images.whole(table.table(), dialect), null, true, Deltas.NONE);
    }

    @Override
    public CapturePlan merge(Merge merge, TableDefinition table) throws SQLException {
        if (!dialect.returnsOldAndNew()) {
            throw planner.refused(
                    "MERGE can be captured from PostgreSQL 18 on only",
                    "use INSERT … ON CONFLICT, UPDATE … FROM or DELETE … USING");
        }
        requireNoIdentityDefault(planner, merge, table.table());
        ImageColumns whole = Images.whole(table.table(), dialect);
        return returned(merge, table, whole, whole, true, Deltas.NONE);
    }

    @Override
    public CapturePlan with(WritingWith with, List<TableDefinition> tables) throws SQLException {
        if (!dialect.returnsOldAndNew()) {
            throw planner.refused(
                    "WITH around changes can be captured from PostgreSQL 18 on only",
                    "execute the changes as statements of their own");
        }
        return new PostgreSqlWith(planner, dialect).plan(with, tables);
    }

    // ---------------------------------------------------------------- RETURNING

    CapturePlan returned(
            Write write,
            TableDefinition table,
            @Nullable ImageColumns before,
            @Nullable ImageColumns after,
            boolean wholeRows,
            Deltas deltas)
            throws SQLException {
        Shown shown = shown(write);
        ReturningClause clause = dialect.returnsOldAndNew()
                ? ReturningClause.of(write.returning(), write.statement().sql())
                : ReturningClause.ofOneRow(write.returning(), write.table().shortName());
        List<String> items = new ArrayList<>();
        if (before != null) {
            items.add(before.select(clause.old()));
        }
        if (after != null) {
            items.add(after.select(clause.now()));
        }
        items.add(clause.tableoid(before != null, after != null));
        ComposedSql.Builder builder =
                ComposedSql.builder().add(write.statement()).add("RETURNING").add(clause.names());
        if (shown.list().isEmpty()) {
            builder.add(String.join(", ", items));
        } else {
            builder.add(shown.list()).add(", " + String.join(", ", items));
        }
        return new ReturnedImages(
                builder.build(), table.table(), before, after, wholeRows, deltas, table.storageIds(), shown.as());
    }

    /** What the application sees of the rows, and as what. */
    record Shown(Fragment list, ReturnedImages.Shown as) {}

    Shown shown(Write write) throws SQLException {
        KeyRequest keys = planner.keys();
        if (!write.returning().isEmpty()) {
            // The driver leaves a RETURNING that is there alone, and takes it for the keys when it is asked for some.
            Fragment list = ReturningClause.of(write.returning(), "").list();
            return new Shown(
                    list, keys instanceof KeyRequest.None ? ReturnedImages.Shown.ROWS : ReturnedImages.Shown.KEYS);
        }
        if (keys instanceof KeyRequest.DriversChoice) {
            return new Shown(new Fragment("*", 1, 0), ReturnedImages.Shown.KEYS);
        }
        if (keys instanceof KeyRequest.Names names && !names.columns().isEmpty()) {
            String list = String.join(
                    ", ", names.columns().stream().map(dialect::quote).toList());
            return new Shown(new Fragment(list, 1, 0), ReturnedImages.Shown.KEYS);
        }
        if (keys instanceof KeyRequest.Positions positions
                && !positions.columns().isEmpty()) {
            throw new SQLFeatureNotSupportedException(
                    "PostgreSQL's driver returns no generated keys by the positions of their columns. Name the columns.");
        }
        return new Shown(Fragment.NONE, ReturnedImages.Shown.COUNT);
    }
}
