package io.entente.rm.jdbc;

import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.RowImage;
import io.entente.rm.image.StaleTableException;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.table.Table;
import java.sql.SQLException;

/** DELETE: locks and reads whole rows, then deletes them. */
final class DeleteCapture {

    private final Capture capture;

    DeleteCapture(Capture capture) {
        this.capture = capture;
    }

    <T> T execute(Delete delete, Call<T> call) throws SQLException {
        Table table = capture.table(delete.table());
        String child = capture.at().cascades().changedByDelete(capture.real(), table.name());
        if (child != null) {
            throw new StatementRefusedException(
                    call.sql(),
                    "a foreign key with ON DELETE would also change rows of " + child,
                    "delete the rows of " + child + " with a statement of their own and drop the action");
        }
        RowImage before;
        try {
            before = before(table, delete, call);
        } catch (StaleTableException stale) {
            table = capture.refreshed(delete.table());
            before = before(table, delete, call);
        }
        T result = call.plain().run();
        try {
            long count = capture.count(call, result);
            if (count != before.rows().size()) {
                throw new SQLException("it deleted " + count + " rows, but before it ran, its condition held for "
                        + before.rows().size() + " rows of " + table.name()
                        + "; a row must have come or gone in between. Try again, or name the rows by key");
            }
            if (delete.where().mayHaveSubSelect()) {
                requireGone(before);
            }
            if (!before.rows().isEmpty()) {
                capture.record(new Change(Change.Kind.DELETE, table, before, RowImage.empty(table)));
            }
        } catch (SQLException | RuntimeException e) {
            throw capture.broken(call, String.valueOf(e.getMessage()), e);
        }
        return result;
    }

    private RowImage before(Table table, Delete delete, Call<?> call) throws SQLException {
        return capture.read(
                table, table.columns(), "FROM " + delete.table().text(), delete.where(), "FOR UPDATE", call);
    }

    /**
     * Their number alone does not say that these rows were deleted: a sub-select may have found others the second time.
     */
    private void requireGone(RowImage before) throws SQLException {
        RowImage left = ImageReader.readByKeys(
                capture.real(),
                before.table(),
                before.table().key(),
                before.keys(),
                false,
                capture.at().dialect());
        if (!left.rows().isEmpty()) {
            throw new SQLException("its condition has a sub-select that found other rows of "
                    + before.table().name() + " when it ran than before. Select the keys first and name them in WHERE");
        }
    }
}
