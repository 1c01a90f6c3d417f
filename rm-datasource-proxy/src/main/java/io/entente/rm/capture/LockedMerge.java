package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * H2's MERGE … USING: the rows that match are locked and read before; the driver tells the new and the updated rows as
 * generated keys; rows that matched and are not told were deleted or left alone.
 *
 * @param rows locks and reads the rows that match
 */
record LockedMerge(LockedRows rows, KeyRequest keys) implements CapturePlan {

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        if (!(keys instanceof KeyRequest.None)) {
            throw new StatementRefusedException(
                    call.sql(),
                    "generated keys of MERGE are not supported on H2",
                    "execute it without asking for keys");
        }
        long[] counts = new long[call.parameters().size()];
        for (int i = 0; i < counts.length; i++) {
            int element = i;
            counts[i] = Batches.element(
                    call, counts, i, () -> one(call, session, call.parameters().get(element)));
        }
        return call.elsewhere(counts);
    }

    private long one(Call<?> call, CaptureSession session, @Nullable Bindings bindings) throws SQLException {
        RowImage before = rows.read(call, bindings, session).rows();
        ImageColumns image = ImageColumns.named(rows.table(), rows.image().columns(), session.dialect());
        String[] names = image.columns().stream().map(column -> column.name()).toArray(String[]::new);
        try (Statement statement = bindings == null
                ? session.real().createStatement()
                : session.real().prepareStatement(call.sql(), names)) {
            CaptureSession.limitTime(statement, call);
            long count;
            if (bindings != null && statement instanceof PreparedStatement prepared) {
                bindings.applyAll(prepared);
                count = prepared.executeUpdate();
            } else {
                count = statement.executeUpdate(call.sql(), names);
            }
            return session.afterwards(call, () -> {
                Map<Row, Row> after = new LinkedHashMap<>();
                try (ResultSet told = statement.getGeneratedKeys()) {
                    after.putAll(image.readAll(told).byKey());
                }
                List<Row> untold = new ArrayList<>(before.keys());
                untold.removeAll(after.keySet());
                after.putAll(session.readLeft(before.table(), before.columns(), untold)
                        .byKey());
                session.record(Images.differences(before, before.with(List.copyOf(after.values())), true));
                return count;
            });
        }
    }
}
