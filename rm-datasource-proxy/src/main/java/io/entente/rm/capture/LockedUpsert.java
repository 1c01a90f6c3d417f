package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.MySql;
import io.entente.rm.image.Change;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An INSERT that may meet rows which are there already, where the database does not return what became of them. The rows
 * with the given values in any unique key are locked and read first; the statement runs as the application wrote it; then
 * these rows, and those that have the values now, are read again.
 *
 * @param unique the values by which a row is the same
 * @param kind what happens to a row that is there
 * @param inserted how to capture an execution whose rows surely meet none; null when that cannot be
 */
record LockedUpsert(
        UniqueValues unique, Kind kind, @Nullable CapturePlan inserted) implements CapturePlan {

    /** What happens to a row that is there, and how the driver counts it. */
    enum Kind {
        /** Left alone; counts nothing. */
        IGNORE,
        /** Updated; counts two when that changes it, else none or one. */
        UPDATE,
        /** Deleted; counts one beside the new row. */
        REPLACE,
        /** Updated; counts one. */
        MERGE
    }

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        requireStrict(call, session);
        List<List<RowCondition>> byRow = new ArrayList<>();
        for (Bindings bindings : call.parameters()) {
            byRow.addAll(unique.conditions(bindings, call));
        }
        if (byRow.stream().anyMatch(List::isEmpty)) {
            return withGeneratedKeys(call, session, byRow);
        }
        List<RowCondition> conditions = byRow.stream().flatMap(List::stream).toList();
        RowImage before = RowCondition.read(table(), conditions, true, session, call);
        requireGapsLocked(call, session, before);
        Call.Ran<T> ran = session.run(call);
        return session.afterwards(call, () -> {
            RowImage after = after(session, call, byRow, before);
            List<Change> changes = Images.differences(before, after, kind != Kind.IGNORE);
            requireCounted(ran.total(), call, before, after, changes);
            session.record(changes);
            return ran.answer();
        });
    }

    /** What is cut to fit may meet a row by one key that nobody looked for, while another one is found. */
    private void requireStrict(Call<?> call, CaptureSession session) throws SQLException {
        if (unique.uniqueKeys().size() > 1
                && session.dialect() instanceof MySql mySql
                && !mySql.isStrict(session.real())) {
            throw new StatementRefusedException(
                    call.sql(),
                    "it may meet a row by each of several unique keys, in a session that cuts values to fit (sql_mode without"
                            + " STRICT_TRANS_TABLES)",
                    "use a strict session, or look the row up (SELECT … FOR UPDATE) and then use INSERT or UPDATE");
        }
    }

    private Table table() {
        return unique.rows().table();
    }

    /** Rows without a value in any unique key meet none: as if there were no conflict clause. */
    private <T> T withGeneratedKeys(Call<T> call, CaptureSession session, List<List<RowCondition>> byRow)
            throws SQLException {
        CapturePlan plan = inserted;
        if (plan == null || !byRow.stream().allMatch(List::isEmpty)) {
            throw new StatementRefusedException(
                    call.sql(),
                    "some of its rows have no value in any unique key of " + table().name()
                            + ", so that they cannot be found after it",
                    "insert these rows with a plain INSERT of their own");
        }
        return plan.execute(call, session);
    }

    /** A row that came in between would pass for a new one, unless the gap it came into is locked or it is counted. */
    private void requireGapsLocked(Call<?> call, CaptureSession session, RowImage before) throws SQLException {
        boolean maybeNew =
                before.rows().size() < call.parameters().size() * unique.rows().count();
        if (kind == Kind.UPDATE
                && maybeNew
                && session.dialect().readsNewestByLock(table())
                && session.real().getTransactionIsolation() < Connection.TRANSACTION_REPEATABLE_READ) {
            throw new StatementRefusedException(
                    call.sql(),
                    "at isolation level READ COMMITTED it cannot be told whether it inserts a row or updates one that came"
                            + " in between",
                    "use REPEATABLE READ, or look the row up (SELECT … FOR UPDATE) and then use INSERT or UPDATE");
        }
    }

    private RowImage after(CaptureSession session, Call<?> call, List<List<RowCondition>> byRow, RowImage before)
            throws SQLException {
        boolean locked = session.dialect().readsNewestByLock(table());
        List<RowCondition> conditions = byRow.stream().flatMap(List::stream).toList();
        RowImage found = RowCondition.read(table(), conditions, locked, session, call);
        // A row that is ignored may be so for another reason than its keys; the count tells exactly how many were not.
        List<Integer> unmet =
                kind == Kind.IGNORE || (byRow.size() == 1 && !found.rows().isEmpty())
                        ? List.of()
                        : RowCondition.unmet(table(), byRow, session, call);
        for (int row : unmet) {
            // A value that the database stores otherwise than it compares it would hide the row it went into.
            if (kind != Kind.REPLACE || !isReplacedByLater(table(), byRow, row, session, call)) {
                throw new SQLException("a row that it gives is not found in " + table().name()
                        + " under the values of its unique columns. Remedy: give them as the column stores them, and do"
                        + " not update unique columns in it");
            }
        }
        Map<Row, Row> rowsAfter = new LinkedHashMap<>(found.byKey());
        if (!before.rows().isEmpty()) {
            rowsAfter.putAll(session.readLeft(before.table(), before.columns(), before.keys())
                    .byKey());
        }
        return before.with(List.copyOf(rowsAfter.values()));
    }

    private static boolean isReplacedByLater(
            Table table, List<List<RowCondition>> byRow, int row, CaptureSession session, Call<?> call)
            throws SQLException {
        for (List<RowCondition> later : byRow.subList(row + 1, byRow.size())) {
            for (RowCondition condition : byRow.get(row)) {
                for (RowCondition other : later) {
                    if (condition.sameAs(other, table, session, call)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void requireCounted(long count, Call<?> call, RowImage before, RowImage after, List<Change> changes)
            throws SQLException {
        if (count == Statement.SUCCESS_NO_INFO) {
            throw new SQLException("the driver does not tell how many rows it changed, so that they cannot be checked."
                    + " Remedy: execute it one by one, or switch the driver's rewriting of batches off");
        }
        Map<Row, Row> old = before.byKey();
        long inserted =
                after.keys().stream().filter(key -> !old.containsKey(key)).count();
        long given = (long) call.parameters().size() * unique.rows().count();
        long changed = changes.stream()
                .filter(change -> change.kind() == Change.Kind.UPDATE)
                .mapToLong(LockedUpsert::differing)
                .sum();
        boolean givenTwice = after.rows().size() < given;
        boolean counted = switch (kind) {
            case IGNORE -> count == inserted;
            // A row that is set to what it was counts none, one or two, depending on server and driver.
            case UPDATE -> count >= inserted + 2 * changed && count <= 2 * given - inserted;
            case REPLACE -> givenTwice || count <= given + before.rows().size();
            case MERGE -> count == given;
        };
        if (!counted) {
            throw new SQLException("it says it changed " + count + " rows, but "
                    + before.rows().size()
                    + " rows of " + table().name() + " had one of its keys before and " + inserted
                    + " are new; a row must have come or gone in between. Try again");
        }
    }

    private static long differing(Change change) {
        long differing = 0;
        for (int i = 0; i < change.before().rows().size(); i++) {
            differing +=
                    change.before().rows().get(i).equals(change.after().rows().get(i)) ? 0 : 1;
        }
        return differing;
    }
}
