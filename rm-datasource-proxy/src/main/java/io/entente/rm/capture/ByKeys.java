package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.Fragment;
import io.entente.rm.table.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is executed for the keys that were found instead of with its own condition, or in addition to it.
 *
 * @param head up to the word WHERE or AND before the condition on the keys
 * @param tail behind that condition
 * @param undivided whether executing it in several portions could have another effect than at once
 */
record ByKeys(ComposedSql head, Fragment tail, boolean undivided) {

    /**
     * Executes it.
     *
     * @param qualifier what stands before the key's columns, with its point; may be empty
     * @param atOnce whether it must be one statement, however many keys there are: rows may get each other's keys
     * @return how many rows it says it changed
     */
    long execute(
            Call<?> call,
            @Nullable Bindings bindings,
            CaptureSession session,
            RowImage rows,
            String qualifier,
            boolean atOnce)
            throws SQLException {
        List<List<Row>> portions =
                atOnce || undivided ? List.of(rows.keys()) : ImageReader.portions(rows.table(), rows.keys());
        return portions.size() == 1
                ? execute(call, bindings, session, rows.table(), portions, qualifier)
                : session.together(call, () -> execute(call, bindings, session, rows.table(), portions, qualifier));
    }

    private long execute(
            Call<?> call,
            @Nullable Bindings bindings,
            CaptureSession session,
            Table table,
            List<List<Row>> portions,
            String qualifier)
            throws SQLException {
        long count = 0;
        for (List<Row> keys : portions) {
            String condition = "(" + session.dialect().keyPredicate(table, keys.size(), qualifier) + ")";
            ComposedSql sql = ComposedSql.builder()
                    .addAll(head)
                    .addOurs(condition, keys.size() * table.keyColumns().size())
                    .add(tail)
                    .build();
            try (PreparedStatement statement = session.real().prepareStatement(sql.sql())) {
                CaptureSession.limitTime(statement, call);
                if (bindings != null) {
                    sql.bind(statement, bindings);
                }
                ImageReader.bindKeys(statement, sql.firstOfOurs(), table, keys, session.dialect());
                count += call.outcome().running(statement, statement::executeUpdate);
            }
        }
        return count;
    }
}
