package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.KeptStatements;
import io.entente.rm.call.Outcome;
import io.entente.rm.call.RowsInMemory;
import io.entente.rm.call.SqlAction;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.ColumnNotCapturableException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.image.StaleTableException;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.TableReference;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.TableNotUsableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes statements of one connection inside a global transaction.
 *
 * @param at the data source
 * @param real the driver's connection, in a local transaction
 * @param work gets the changes
 * @param unseenEffectsAllowed whether the statement itself says that what triggers and foreign keys write besides is the
 *     application's own affair
 */
public record CaptureSession(Capturing at, Connection real, LocalWork work, boolean unseenEffectsAllowed) {

    private static final Logger log = LoggerFactory.getLogger(CaptureSession.class);

    /** Always the same name: sessions keep what they have a name for until the transaction ends. */
    public static final String SAVEPOINT = "entente_statement";

    /** The same for a statement that says something else of its unseen effects. */
    public CaptureSession allowingUnseenEffects(boolean allowed) {
        return new CaptureSession(at, real, work, allowed);
    }

    /**
     * Executes what the call asks for and captures it.
     *
     * @param statement a change, a locking query, or several statements
     * @throws StatementRefusedException it cannot be undone; nothing was executed
     * @throws RowsHeldException another global transaction holds a row; only in a local transaction of our own
     * @throws CaptureFailedException it was executed but could not be captured
     */
    public <T> T execute(RecognizedSql statement, Call<T> call) throws SQLException {
        if (call.statement().isClosed()) {
            // The driver's own failure is the one that is expected.
            return call.plain().run();
        }
        if (statement instanceof RecognizedSql.Script script) {
            return new ScriptRun(this).execute(script, call);
        }
        if (statement instanceof RecognizedSql.LockingRead read) {
            return orRefused(call, () -> new LockingReadRun(this).execute(read, call));
        }
        try {
            return planned(statement, call, false);
        } catch (StaleTableException stale) {
            return withFreshMetadata(statement, call);
        } catch (StatementRefusedException | RowsHeldException e) {
            throw e;
        } catch (CaptureFailedException failed) {
            throw tablesHaveChanged(statement) ? CaptureFailedException.ofStaleMetadata(failed) : failed;
        } catch (SQLException failed) {
            if (!at.dialect().missesAName(failed) || call.isBatch() || !tablesHaveChanged(statement)) {
                throw failed;
            }
            if (work.isOwn()) {
                throw CaptureFailedException.ofStaleMetadata(failed);
            }
            if (at.dialect().failureEndsTransaction()) {
                throw failed;
            }
            return planned(statement, call, false);
        }
    }

    /** Reads the metadata of the statement's tables again: whether it says something else now. */
    @SuppressWarnings("ReferenceEquality") // The metadata gives out the same object as long as nothing has changed.
    private boolean tablesHaveChanged(RecognizedSql statement) {
        boolean changed = false;
        for (TableReference table : Planner.tables(at.dialect(), statement)) {
            try {
                changed |= definition(table) != refreshed(table);
            } catch (SQLException e) {
                // The local transaction is in no state to ask; its failure is the one that counts.
                log.debug("Metadata of {} cannot be read again", table.qualifiedName(), e);
            }
        }
        return changed;
    }

    private <T> T withFreshMetadata(RecognizedSql statement, Call<T> call) throws SQLException {
        try {
            return planned(statement, call, true);
        } catch (StaleTableException e) {
            List<TableReference> tables = Planner.tables(at.dialect(), statement);
            if (tables.size() == 1 && !e.named().isEmpty()) {
                new MissingNames(real, at.dialect()).require(tables.get(0), String.join(", ", e.named()), e);
            }
            throw new StatementRefusedException(
                    call.sql(),
                    String.valueOf(e.getMessage()).replaceAll("\\.$", ""),
                    "correct the names of its columns");
        }
    }

    private <T> T planned(RecognizedSql statement, Call<T> call, boolean refreshed) throws SQLException {
        return plan(statement, call, refreshed).execute(call, this);
    }

    private CapturePlan plan(RecognizedSql statement, Call<?> call, boolean refreshed) throws SQLException {
        return orRefused(call, () -> planFor(statement, call, refreshed));
    }

    private static <T> T orRefused(Call<?> call, SqlAction<T> action) throws SQLException {
        try {
            return action.run();
        } catch (TableNotUsableException e) {
            throw new StatementRefusedException(call.sql(), e.reason(), e.remedy(), e);
        } catch (ColumnNotCapturableException e) {
            throw new StatementRefusedException(call.sql(), e.reason(), e.remedy(), e);
        }
    }

    private CapturePlan planFor(RecognizedSql statement, Call<?> call, boolean refreshed) throws SQLException {
        List<TableDefinition> definitions = new ArrayList<>();
        for (TableReference table : Planner.tables(at.dialect(), statement)) {
            TableDefinition definition = refreshed ? refreshed(table) : definition(table);
            definitions.add(definition);
        }
        CapturePlan plan = at.plan(call.sql(), definitions, call.keys(), unseenEffectsAllowed);
        if (plan == null) {
            plan = new Planner(at, call.sql(), call.keys(), unseenEffectsAllowed).plan(statement, definitions);
            at.keepPlan(call.sql(), definitions, call.keys(), unseenEffectsAllowed, plan);
        }
        return plan;
    }

    TableDefinition definition(TableReference table) throws SQLException {
        try {
            return at.tables().table(real, work.scope(), table.schema(), table.name());
        } catch (TableNotUsableException e) {
            if (e.isUntouched()) {
                new MissingNames(real, at.dialect()).require(table, "1", e);
            }
            throw e;
        }
    }

    TableDefinition refreshed(TableReference table) throws SQLException {
        return at.tables().refresh(real, work.currentScope(), table.schema(), table.name());
    }

    Dialect dialect() {
        return at.dialect();
    }

    // ---------------------------------------------------------------- statements of our own

    /** A statement of ours on which a text was executed. Closed by the session unless somebody keeps it. */
    static final class Executed implements AutoCloseable {

        private final Statement statement;
        private final @Nullable KeptStatements keeper;
        private boolean givenAway;

        /** @param keeper has the statement for the next execution; null when there will be none */
        Executed(Statement statement, @Nullable KeptStatements keeper) {
            this.statement = statement;
            this.keeper = keeper;
        }

        Statement statement() {
            return statement;
        }

        /** Its results go to the application, so it stays open until the next execution of the application's statement. */
        void giveTo(Outcome outcome) {
            givenAway = true;
            if (keeper != null && statement instanceof PreparedStatement prepared) {
                keeper.giveAway(prepared);
            }
            outcome.own(statement);
        }

        @Override
        public void close() throws SQLException {
            if (givenAway) {
                return;
            }
            if (keeper == null) {
                statement.close();
            } else {
                // Rows that were read shall not wait in memory for the next execution.
                var unused = statement.getMoreResults();
            }
        }
    }

    /** Executes a query, or a change that returns rows, with the application's parameters. */
    Executed query(ComposedSql sql, @Nullable Bindings bindings, Call<?> call, int type) throws SQLException {
        if (bindings == null) {
            // Not prepared: what looks like a parameter in its text is none.
            Statement statement = real.createStatement(type, ResultSet.CONCUR_READ_ONLY);
            return executed(statement, null, call, () -> undivided(call, () -> statement.execute(sql.sql())));
        }
        KeptStatements kept = call.kept();
        PreparedStatement statement = kept == null
                ? real.prepareStatement(sql.sql(), type, ResultSet.CONCUR_READ_ONLY)
                : kept.prepare(real, sql.sql(), type);
        return executed(statement, kept, call, () -> {
            sql.bind(statement, bindings);
            return undivided(call, statement::execute);
        });
    }

    /** As {@link #query}, for a block of statements of which any may fail. */
    Executed block(ComposedSql sql, Call<?> call) throws SQLException {
        try {
            return query(sql, call.bindings(), call, ResultSet.TYPE_FORWARD_ONLY);
        } catch (SQLException e) {
            at.dialect().afterFailedBlock(real, e);
            throw e;
        }
    }

    /** The rows that a change returns; null when it returns none. */
    @Nullable
    ResultSet returnedBy(Executed change) throws SQLException {
        return at.dialect().answersWhileRunning()
                ? RowsInMemory.of(change.statement())
                : change.statement().getResultSet();
    }

    /** A statement that fails leaves nothing, whether it is executed as an update or, as here, as a query. */
    private boolean undivided(Call<?> call, SqlAction<Boolean> execution) throws SQLException {
        return at.dialect().failedQueryLeavesChanges() ? together(call, execution) : execution.run();
    }

    /** What stands for one statement of the application: when a part of it fails, none of it is left. */
    <T> T together(Call<?> call, SqlAction<T> execution) throws SQLException {
        if (work.isOwn()) {
            // Everything is rolled back.
            return execution.run();
        }
        // By JDBC's own means: pools with a firewall for statements do not let the text through.
        Savepoint savepoint = work.isNew() ? null : real.setSavepoint(SAVEPOINT);
        try {
            return execution.run();
        } catch (SQLException e) {
            try {
                if (savepoint == null) {
                    real.rollback();
                } else {
                    real.rollback(savepoint);
                }
            } catch (SQLException lost) {
                e.addSuppressed(lost);
                throw broken(call, e.getMessage() + ", and " + lost.getMessage(), e);
            }
            throw e;
        }
    }

    private static Executed executed(
            Statement statement, @Nullable KeptStatements keeper, Call<?> call, SqlAction<Boolean> execution)
            throws SQLException {
        try {
            limitTime(statement, call);
            var unused = call.outcome().running(statement, execution);
        } catch (SQLException | RuntimeException | Error e) {
            if (keeper == null) {
                statement.close();
            }
            throw e;
        }
        return new Executed(statement, keeper);
    }

    /** Gives a statement of ours the time that the application gives its own. */
    static void limitTime(Statement statement, Call<?> call) throws SQLException {
        int seconds = call.statement().getQueryTimeout();
        // One that was given before, to a statement that is used again, may have to go.
        if (seconds > 0 || statement.getQueryTimeout() > 0) {
            statement.setQueryTimeout(seconds);
        }
    }

    /**
     * The row of each key as this transaction has left it, in the order of the keys.
     *
     * @throws SQLException a key has no row
     */
    List<Row> readEach(Table table, List<Column> columns, List<Row> keys) throws SQLException {
        Map<Row, Row> byKey = readLeft(table, columns, keys).byKey();
        List<Row> rows = new ArrayList<>();
        for (Row key : keys) {
            Row row = byKey.get(key);
            if (row == null) {
                // A key that was computed may be spelled otherwise than the database stores it; alone it needs no
                // spelling.
                List<Row> alone = readLeft(table, columns, List.of(key)).rows();
                if (alone.size() != 1) {
                    throw new SQLException(
                            "the row " + key + " of " + table.name() + " is gone or has another key now");
                }
                row = alone.get(0);
            }
            rows.add(row);
        }
        return rows;
    }

    /** The rows that these keys have, as this transaction has left them. */
    RowImage readLeft(Table table, List<Column> columns, List<Row> keys) throws SQLException {
        boolean locking = at.dialect().readsNewestByLock(table);
        return ImageReader.readByKeys(real, table, columns, keys, locking, at.dialect());
    }

    // ---------------------------------------------------------------- what came of it

    void record(Change change) {
        work.record(change);
    }

    void record(List<Change> changes) {
        changes.forEach(work::record);
    }

    /** The statement has run, but its effect is not known: the local transaction must not commit. */
    CaptureFailedException broken(Call<?> call, String problem, @Nullable Throwable cause) {
        CaptureFailedException failure = new CaptureFailedException(
                "The statement was executed but cannot be captured, so the local transaction can only roll back: "
                        + problem + ". Statement: " + call.sql(),
                cause);
        work.breakWith(failure);
        return failure;
    }

    /** Executes the call as the application asked, on the driver's own statement. */
    <T> Call.Ran<T> run(Call<T> call) throws SQLException {
        return unbroken(call, call::runPlain);
    }

    /** A batch that fails may have come some way, and on some databases the local transaction could go on after it. */
    <T> T unbroken(Call<?> call, SqlAction<T> execution) throws SQLException {
        try {
            return execution.run();
        } catch (SQLException e) {
            if (call.isBatch()) {
                work.breakWith(new CaptureFailedException(
                        "A batch failed and it is not known how far it came, so the local transaction can only roll back: "
                                + e.getMessage() + ". Statement: " + call.sql(),
                        e));
            }
            throw e;
        }
    }

    /** Does what remains to be done after the statement has run; whatever fails in it breaks the local transaction. */
    <T> T afterwards(Call<?> call, SqlAction<T> action) throws SQLException {
        try {
            return action.run();
        } catch (CaptureFailedException e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            throw broken(call, String.valueOf(e.getMessage()), e);
        }
    }
}
