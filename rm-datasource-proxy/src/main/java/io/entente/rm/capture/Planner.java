package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.H2;
import io.entente.rm.dialect.MySql;
import io.entente.rm.dialect.Oracle;
import io.entente.rm.dialect.PostgreSql;
import io.entente.rm.dialect.SqlServer;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.DeltaTable;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.KeyedMerge;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.Write;
import io.entente.rm.sql.RecognizedSql.WritingWith;
import io.entente.rm.sql.TableReference;
import io.entente.rm.table.Column;
import io.entente.rm.table.HiddenCall;
import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.Trigger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides how a statement is captured, or that it cannot be.
 *
 * @param sql the statement, for messages
 * @param keys the generated keys the application wants
 * @param unseenEffectsAllowed see {@link CaptureSession#unseenEffectsAllowed}
 */
record Planner(Capturing at, String sql, KeyRequest keys, boolean unseenEffectsAllowed) {

    /** What each kind of database does in its own way. */
    interface Ways {
        CapturePlan insert(Insert insert, TableDefinition table) throws SQLException;

        /** @param tables several on MySQL and MariaDB only; then each has to be looked at for what nobody sees */
        CapturePlan update(Update update, List<TableDefinition> tables) throws SQLException;

        /** @param tables as for an UPDATE */
        CapturePlan delete(Delete delete, List<TableDefinition> tables) throws SQLException;

        CapturePlan merge(Merge merge, TableDefinition table) throws SQLException;

        /** H2 only. */
        default CapturePlan keyedMerge(KeyedMerge merge, TableDefinition table) throws SQLException {
            throw new IllegalStateException("MERGE … KEY is recognised on H2 only");
        }

        /** PostgreSQL only. */
        default CapturePlan with(WritingWith with, List<TableDefinition> tables) throws SQLException {
            throw new IllegalStateException("WITH around changes is recognised on PostgreSQL only");
        }

        /** H2 only. */
        default CapturePlan deltaTable(DeltaTable query, List<TableDefinition> tables) throws SQLException {
            throw new IllegalStateException("FINAL TABLE is recognised on H2 only");
        }
    }

    /** The tables whose metadata a plan for the statement needs, those first that it changes. */
    static List<TableReference> tables(Dialect dialect, RecognizedSql statement) {
        if (statement instanceof WritingWith with) {
            List<TableReference> tables = new ArrayList<>();
            with.queries().forEach(query -> {
                if (query.write() != null) {
                    tables.addAll(tables(dialect, query.write()));
                }
            });
            if (with.main().write() != null) {
                tables.addAll(tables(dialect, with.main().write()));
            }
            return tables;
        }
        if (statement instanceof DeltaTable query) {
            return tables(dialect, query.write());
        }
        boolean anyOfThem = dialect instanceof MySql;
        if (statement instanceof Insert insert) {
            return List.of(insert.table());
        } else if (statement instanceof Update update) {
            return anyOfThem ? MySqlWays.targets(update) : List.of(update.table());
        } else if (statement instanceof Delete delete) {
            return anyOfThem ? MySqlWays.targets(delete) : List.of(delete.table());
        } else if (statement instanceof Merge merge) {
            return List.of(merge.table());
        } else if (statement instanceof KeyedMerge merge) {
            return List.of(merge.table());
        }
        throw new IllegalStateException("No capture for " + statement);
    }

    CapturePlan plan(RecognizedSql statement, List<TableDefinition> tables) throws SQLException {
        Ways ways = ways();
        requireNoComputedKey(statement, tables);
        if (statement instanceof WritingWith with) {
            return ways.with(with, tables);
        } else if (statement instanceof DeltaTable query) {
            return ways.deltaTable(query, tables);
        }
        if (dialect() instanceof H2 && !((Write) statement).returning().isEmpty()) {
            throw refused("H2 has no RETURNING", "write SELECT … FROM FINAL TABLE (…), or OLD TABLE");
        }
        if (tables.size() == 1) {
            requireNoUnseenEffects((Write) statement, tables.get(0));
            if (!(statement instanceof Update)) {
                // Some plans need the whole image only when they run, and a type that has none is refused before.
                var unused = Images.whole(tables.get(0).table(), dialect());
            }
        }
        if (statement instanceof Insert insert) {
            return ways.insert(insert, tables.get(0));
        } else if (statement instanceof Update update) {
            return ways.update(update, tables);
        } else if (statement instanceof Delete delete) {
            return ways.delete(delete, tables);
        } else if (statement instanceof Merge merge) {
            return ways.merge(merge, tables.get(0));
        }
        return ways.keyedMerge((KeyedMerge) statement, tables.get(0));
    }

    /** An update of what such a key is computed from moves it, and nothing in the statement tells where to. */
    private void requireNoComputedKey(RecognizedSql statement, List<TableDefinition> tables)
            throws StatementRefusedException {
        boolean updates = statement instanceof Update
                || statement instanceof Merge
                || statement instanceof KeyedMerge
                || (statement instanceof DeltaTable query && query.write() instanceof Update)
                || (statement instanceof Insert insert
                        && insert.onConflict() instanceof RecognizedSql.OnConflict.Update);
        boolean told = dialect() instanceof PostgreSql postgreSql && postgreSql.returnsOldAndNew();
        if (!updates || told) {
            return;
        }
        for (TableDefinition table : tables) {
            for (Column column : table.table().key()) {
                if (column.generated()) {
                    throw refused(
                            "it may move the key of " + table.table().name() + ", because the database computes "
                                    + column.name() + " from other columns",
                            "delete the row and insert it again, or give the table a primary key of its own");
                }
            }
        }
    }

    private Ways ways() {
        Dialect dialect = at.dialect();
        if (dialect instanceof PostgreSql postgreSql) {
            return new PostgreSqlWays(this, postgreSql);
        } else if (dialect instanceof H2) {
            return new H2Ways(this);
        } else if (dialect instanceof MySql mySql) {
            return new MySqlWays(this, mySql);
        } else if (dialect instanceof Oracle) {
            return new OracleWays(this);
        } else if (dialect instanceof SqlServer) {
            return new SqlServerWays(this);
        }
        throw new IllegalStateException("No way of capturing for " + dialect);
    }

    Dialect dialect() {
        return at.dialect();
    }

    StatementRefusedException refused(String reason, String remedy) {
        return new StatementRefusedException(sql, reason, remedy);
    }

    // ---------------------------------------------------------------- what nobody sees

    /** What a statement may do to rows. */
    enum Effect {
        INSERT,
        UPDATE,
        DELETE
    }

    /** @throws StatementRefusedException triggers or foreign keys would write what no image holds */
    void requireNoUnseenEffects(Write write, TableDefinition table) throws SQLException {
        if (write instanceof Insert insert) {
            requireNoUnseen(table, Effect.INSERT, List.of());
            if (insert.onConflict() instanceof OnConflict.Update update) {
                requireNoUnseen(table, Effect.UPDATE, columns(table, update.columns()));
            } else if (insert.onConflict() instanceof OnConflict.Replace) {
                requireNoUnseen(table, Effect.DELETE, List.of());
            }
        } else if (write instanceof Update update) {
            requireNoUnseen(table, Effect.UPDATE, assigned(table, update));
            // The key holds what a partition is chosen by: such a row is deleted from one and inserted into another.
            if (table.storageIds().size() > 1
                    && assigned(table, update).stream().anyMatch(table.table()::isKey)) {
                requireNoUnseen(table, Effect.DELETE, List.of());
                requireNoUnseen(table, Effect.INSERT, List.of());
            }
        } else if (write instanceof Delete) {
            requireNoUnseen(table, Effect.DELETE, List.of());
        } else if (write instanceof Merge merge) {
            requireNoUnseen(table, Effect.INSERT, List.of());
            requireNoUnseen(table, Effect.UPDATE, columns(table, merge.updated()));
            requireNoUnseen(table, Effect.DELETE, List.of());
        } else if (write instanceof KeyedMerge) {
            requireNoUnseen(table, Effect.INSERT, List.of());
            requireNoUnseen(table, Effect.UPDATE, table.table().columns());
        }
    }

    void requireNoUnseen(TableDefinition table, Effect effect, List<Column> written) throws SQLException {
        if (unseenEffectsAllowed || at.allowsUnseenEffects(table.table().name())) {
            return;
        }
        Predicate<Trigger> fires = trigger -> switch (effect) {
            case INSERT -> trigger.onInsert();
            case UPDATE -> trigger.onUpdate();
            case DELETE -> trigger.onDelete();
        };
        for (Trigger trigger : table.triggers()) {
            if (fires.test(trigger)) {
                throw refused(
                        "the trigger " + trigger.name() + " of " + table.table().name() + " runs on " + effect
                                + ", and what it writes cannot be seen",
                        "write what the trigger writes with statements of the application, or, when nobody has to undo it,"
                                + allowance(table.table()));
            }
        }
        for (HiddenCall call : table.hiddenCalls()) {
            boolean runs = effect == Effect.INSERT || (effect == Effect.UPDATE && call.onUpdate());
            if (runs && !at.allowsUnseenEffectsOf(call.function())) {
                throw refused(
                        call.where() + " of " + table.table().name() + " calls the function " + call.function()
                                + ", which may write rows that cannot be seen",
                        at.declaringThatNothingIsWritten());
            }
        }
        for (ReferencingKey key : table.referencing()) {
            boolean acts = switch (effect) {
                case INSERT -> false;
                case UPDATE -> key.followsUpdateOf(written);
                case DELETE -> key.onDelete();
            };
            if (acts) {
                throw refused(
                        "a foreign key with ON " + effect + " would also change rows of " + key.child(),
                        "change the rows of " + key.child()
                                + " with statements of their own and drop the action, or, when nobody has to undo it,"
                                + allowance(table.table()));
            }
        }
    }

    private static String allowance(Table table) {
        return " name " + table.name().name() + " in entente.at.allow-unseen-effects or write "
                + io.entente.rm.sql.Directive.UNSEEN_EFFECTS.text() + " into the statement";
    }

    List<Column> assigned(TableDefinition table, Update update) throws SQLException {
        return columns(
                table,
                update.assignments().stream()
                        .map(RecognizedSql.Assignment::column)
                        .toList());
    }

    /** @throws SQLException the table lacks one of the columns */
    List<Column> columns(TableDefinition table, List<String> names) throws SQLException {
        List<Column> columns = table.table().columns(names);
        if (columns == null) {
            throw new io.entente.rm.image.StaleTableException(table.table(), names);
        }
        return columns;
    }
}
