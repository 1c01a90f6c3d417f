package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.dialect.MySql;
import io.entente.rm.image.Change;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Table;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE where the database does not return the rows it changed: they are locked and read first, then updated, then
 * known by derivation or read again by their keys.
 *
 * <p>A statement whose condition could mean other rows the second time is executed for the keys that were found instead
 * of with its condition, so that it cannot reach a row that was not read.
 *
 * @param targets the updated tables; several on MySQL and MariaDB only
 * @param byKeys null when there are several targets
 * @param asWritten whether the statement can be executed as the application wrote it
 * @param keyBound whether the condition holds every key column to one value, so that at most one row is meant
 * @param inOneTrip the query and the statement as it is written, executed one after the other by the database; null where
 *     it cannot, or where that is no gain
 */
record LockedUpdate(
        List<Target> targets,
        @Nullable ByKeys byKeys,
        boolean asWritten,
        boolean keyBound,
        @Nullable ComposedSql inOneTrip)
        implements CapturePlan {

    LockedUpdate {
        targets = List.copyOf(targets);
    }

    /**
     * One updated table.
     *
     * @param qualifier what stands before its columns in the statement, with its point; may be empty
     * @param deltas what the statement adds
     * @param derivation null when the rows have to be read again
     */
    record Target(
            LockedRows rows,
            String qualifier,
            Deltas deltas,
            @Nullable Derivation derivation) {}

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        // What moves keys is read anew for each element: it may find the row where the one before has put it.
        if (call.isBatch() && (!keyBound || movesKeys())) {
            long[] counts = new long[call.parameters().size()];
            for (int i = 0; i < counts.length; i++) {
                int element = i;
                counts[i] = Batches.element(
                        call, counts, i, () -> one(call, call.parameters().get(element), session));
            }
            return call.elsewhere(counts);
        }
        if (inOneTrip != null && !call.isBatch()) {
            return call.elsewhere(inOneTrip(inOneTrip, call, session));
        }
        return asWritten ? asWritten(call, session) : call.elsewhere(one(call, call.bindings(), session));
    }

    private boolean movesKeys() {
        return targets.stream().anyMatch(target -> target.rows().newKeys() != null);
    }

    private long inOneTrip(ComposedSql both, Call<?> call, CaptureSession session) throws SQLException {
        try (CaptureSession.Executed executed = session.block(both, call)) {
            return session.afterwards(call, () -> {
                Statement statement = executed.statement();
                LockedRows.Found found = targets.get(0).rows().found(statement.getResultSet());
                if (statement.getMoreResults()) {
                    throw new SQLException("the database answered the update with rows");
                }
                // Not the large one, which pools like Druid do not forward; more rows were not found either.
                long count = statement.getUpdateCount();
                captured(call, session, List.of(found), count);
                return count;
            });
        }
    }

    /** The statement itself, once or as a batch, on the driver's own statement. */
    private <T> T asWritten(Call<T> call, CaptureSession session) throws SQLException {
        List<LockedRows.Found> found = new ArrayList<>();
        List<Integer> foundByElement = new ArrayList<>();
        for (Target target : targets) {
            LockedRows.Found all = target.rows().none();
            for (Bindings bindings : call.parameters()) {
                LockedRows.Found some = target.rows().read(call, bindings, session);
                foundByElement.add(some.rows().rows().size());
                all = all.and(some);
            }
            found.add(all);
        }
        List<Row> taken = taken(found, session);
        Call.Ran<T> ran = session.run(call);
        return session.afterwards(call, () -> {
            requireFree(taken);
            if (call.isBatch()) {
                requireEachFound(ran.counts(), foundByElement);
                captured(call, session, found, Statement.SUCCESS_NO_INFO);
            } else {
                captured(call, session, found, ran.total());
            }
            return ran.answer();
        });
    }

    private static void requireEachFound(long[] counts, List<Integer> foundByElement) throws SQLException {
        for (int i = 0; i < counts.length; i++) {
            if (foundByElement.get(i) == 0 && counts[i] != 0) {
                throw new SQLException("element " + (i + 1) + " of the batch may have updated a row that was not there"
                        + " before; a row must have come in between. Try again");
            }
        }
    }

    private long one(Call<?> call, @Nullable Bindings bindings, CaptureSession session) throws SQLException {
        ByKeys statement = Batches.requireByKeys(byKeys, call);
        List<LockedRows.Found> found = new ArrayList<>();
        for (Target target : targets) {
            found.add(target.rows().read(call, bindings, session));
        }
        if (found.stream().allMatch(each -> each.rows().rows().isEmpty())) {
            return 0;
        }
        Target target = targets.get(0);
        boolean keysMove = !found.get(0).newKeys().isEmpty();
        List<Row> taken = taken(found, session);
        long count = statement.execute(call, bindings, session, found.get(0).rows(), target.qualifier(), keysMove);
        return session.afterwards(call, () -> {
            requireFree(taken);
            captured(call, session, found, count);
            return count;
        });
    }

    /** New keys that are those of other rows, or of two rows: the database would not take them. */
    private static List<Row> taken(List<LockedRows.Found> found, CaptureSession session) throws SQLException {
        List<Row> taken = new ArrayList<>();
        for (LockedRows.Found each : found) {
            if (each.newKeys().isEmpty()) {
                continue;
            }
            Set<Row> old = Set.copyOf(each.rows().keys());
            Set<Row> moved = new LinkedHashSet<>();
            for (Row key : each.newKeys()) {
                if (!moved.add(key)) {
                    taken.add(key);
                }
            }
            moved.removeAll(old);
            Table table = each.rows().table();
            for (Row key :
                    session.readLeft(table, table.key(), List.copyOf(moved)).keys()) {
                if (!old.contains(key)) {
                    taken.add(key);
                }
            }
        }
        return taken;
    }

    /** It ran, so it has stored other keys than were computed, and which row is which is not known. */
    private static void requireFree(List<Row> taken) throws SQLException {
        if (!taken.isEmpty()) {
            throw new SQLException("by its text it gives a row the key " + taken.get(0)
                    + ", which another row has, so the database must have stored another key. Remedy: give new keys as"
                    + " values of the column's own type");
        }
    }

    private void captured(Call<?> call, CaptureSession session, List<LockedRows.Found> found, long count)
            throws SQLException {
        long matched = 0;
        long changed = 0;
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            RowImage before = found.get(i).rows();
            if (before.rows().isEmpty()) {
                continue;
            }
            RowImage derived = derived(target, call, found.get(i));
            RowImage after = derived == null ? readAgain(session, found.get(i)) : derived;
            for (int row = 0; row < before.rows().size(); row++) {
                changed += before.rows().get(row).equals(after.rows().get(row)) ? 0 : 1;
            }
            matched += before.rows().size();
            session.record(Change.updated(before, after, derived == null ? deltas(target, session) : target.deltas()));
        }
        // Drivers count either the rows that matched or those that really changed; of several tables some count each.
        if (count >= 0 && count != matched && count != changed && (targets.size() == 1 || count > matched)) {
            throw new SQLException("it says it updated " + count + " rows, but before it ran, its condition held for "
                    + matched + " rows of "
                    + targets.get(0).rows().table().name()
                    + "; a row must have come or gone in between, or a sub-select of the condition found others. Try again, or name the"
                    + " rows by key");
        }
    }

    /** Null: it has to be read. */
    private static @Nullable RowImage derived(Target target, Call<?> call, LockedRows.Found found) throws SQLException {
        Derivation derivation = target.derivation();
        return derivation == null || call.isBatch() ? null : derivation.after(found.rows(), call.bindings());
    }

    private static RowImage readAgain(CaptureSession session, LockedRows.Found found) throws SQLException {
        RowImage before = found.rows();
        List<Row> keys = found.newKeys().isEmpty() ? before.keys() : found.newKeys();
        return before.with(session.readEach(before.table(), before.columns(), keys));
    }

    /** A session that is not strict adds as much as the column can hold, which depends on what others have added. */
    private static Deltas deltas(Target target, CaptureSession session) throws SQLException {
        Deltas deltas = target.deltas();
        boolean clips = deltas.sharing() != Deltas.Sharing.NONE
                && session.dialect() instanceof MySql mySql
                && !mySql.isStrict(session.real());
        return clips ? new Deltas(deltas.columns(), Deltas.Sharing.NONE) : deltas;
    }
}
