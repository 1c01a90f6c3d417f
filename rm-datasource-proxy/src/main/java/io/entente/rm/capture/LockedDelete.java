package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.image.Change;
import io.entente.rm.image.RowImage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DELETE where the database does not return the rows it deleted: they are locked and read first. As for
 * {@link LockedUpdate}, a condition that could mean other rows the second time is not evaluated a second time.
 *
 * @param targets the tables that rows are deleted from; several on MySQL and MariaDB only
 * @param qualifiers of each target, what stands before its columns in the statement, with its point
 * @param byKeys null when there are several targets
 * @param asWritten whether the statement can be executed as the application wrote it
 */
record LockedDelete(
        List<LockedRows> targets,
        List<String> qualifiers,
        @Nullable ByKeys byKeys,
        boolean asWritten) implements CapturePlan {

    LockedDelete {
        targets = List.copyOf(targets);
        qualifiers = List.copyOf(qualifiers);
    }

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        if (call.isBatch() || !asWritten) {
            long[] counts = new long[call.parameters().size()];
            for (int i = 0; i < counts.length; i++) {
                int element = i;
                counts[i] = Batches.element(
                        call, counts, i, () -> one(call, call.parameters().get(element), session));
            }
            return call.elsewhere(counts);
        }
        List<RowImage> found = found(call, call.parameters().get(0), session);
        Call.Ran<T> ran = session.run(call);
        return session.afterwards(call, () -> {
            captured(session, found, ran.total());
            return ran.answer();
        });
    }

    private List<RowImage> found(Call<?> call, @Nullable Bindings bindings, CaptureSession session)
            throws SQLException {
        List<RowImage> found = new ArrayList<>();
        for (LockedRows target : targets) {
            found.add(target.read(call, bindings, session).rows());
        }
        return found;
    }

    private long one(Call<?> call, @Nullable Bindings bindings, CaptureSession session) throws SQLException {
        ByKeys statement = Batches.requireByKeys(byKeys, call);
        List<RowImage> found = found(call, bindings, session);
        if (found.stream().allMatch(image -> image.rows().isEmpty())) {
            return 0;
        }
        long count = statement.execute(call, bindings, session, found.get(0), qualifiers.get(0), false);
        return session.afterwards(call, () -> {
            captured(session, found, count);
            return count;
        });
    }

    private void captured(CaptureSession session, List<RowImage> found, long count) throws SQLException {
        long rows = 0;
        for (RowImage image : found) {
            rows += image.rows().size();
            if (!image.rows().isEmpty()) {
                session.record(Change.deleted(image));
            }
        }
        if (count != rows) {
            throw new SQLException("it says it deleted " + count + " rows, but before it ran, its condition held for "
                    + rows + " rows of " + targets.get(0).table().name()
                    + "; a row must have come or gone in between, or a sub-select of the condition found others. Try again, or name the"
                    + " rows by key");
        }
    }
}
