package io.entente.rm.jdbc;

import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.OnTable;
import io.entente.rm.sql.RecognizedSql.SelectForUpdate;
import io.entente.rm.sql.RecognizedSql.TableReference;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes statements inside a global transaction and captures what they do.
 *
 * @param at the data source
 * @param real the driver's connection, in a local transaction
 * @param branch gets the changes
 * @param xid the global transaction
 * @param own whether the local transaction was opened for this statement and can be tried again as a whole
 */
record Capture(AtResource at, Connection real, LocalBranch branch, String xid, boolean own) {

    <T> T execute(OnTable statement, Call<T> call) throws SQLException {
        boolean query = statement instanceof SelectForUpdate;
        if (!query && call.form() == Call.Form.QUERY) {
            // Some drivers execute it before they complain.
            throw new StatementRefusedException(
                    call.sql(), "executeQuery with a statement that returns no rows", "use executeUpdate");
        }
        if (statement instanceof Insert insert) {
            return new InsertCapture(this).execute(insert, call);
        }
        if (statement instanceof Update update) {
            return new UpdateCapture(this).execute(update, call);
        }
        if (statement instanceof Delete delete) {
            return new DeleteCapture(this).execute(delete, call);
        }
        if (statement instanceof SelectForUpdate select) {
            return new LockingRead(this).execute(select, call);
        }
        throw new IllegalStateException("No capture for " + statement);
    }

    Table table(TableReference reference) throws SQLException {
        return at.tables().table(real, reference.schema(), reference.name());
    }

    /** The table as it is now, whatever was remembered. */
    Table refreshed(TableReference reference) throws SQLException {
        return at.tables().refresh(real, reference.schema(), reference.name());
    }

    /**
     * Reads an image with a piece of the application's own statement and its parameters.
     *
     * @param table metadata of the table that {@code tail} names
     * @param tail FROM, or the condition behind it
     */
    RowImage read(Table table, List<Column> columns, String beforeTail, Fragment tail, String afterTail, Call<?> call)
            throws SQLException {
        String sql = "SELECT " + at.dialect().selectList(table, columns) + " " + beforeTail
                + (tail.sql().isEmpty() ? "" : " " + tail.sql()) + " " + afterTail;
        Bindings bindings = call.bindings();
        if (bindings == null) {
            // Not prepared: what looks like a parameter in its text is none.
            try (Statement query = real.createStatement()) {
                query.setQueryTimeout(call.statement().getQueryTimeout());
                try (ResultSet rows = query.executeQuery(sql)) {
                    return ImageReader.read(table, columns, rows, at.dialect());
                }
            }
        }
        try (PreparedStatement query = real.prepareStatement(sql)) {
            query.setQueryTimeout(call.statement().getQueryTimeout());
            bindings.apply(query, tail.firstParameter(), tail.parameters());
            try (ResultSet rows = query.executeQuery()) {
                return ImageReader.read(table, columns, rows, at.dialect());
            }
        }
    }

    /** How many rows an update changed, in the driver's words. */
    long count(Call<?> call, Object result) throws SQLException {
        if (call.kept().hasRunElsewhere()) {
            return call.kept().updateCount();
        }
        return result instanceof Number number
                ? number.longValue()
                : call.statement().getUpdateCount();
    }

    void record(Change change) {
        branch.add(at, xid, change);
    }

    /** The statement has run, but its effect is not known: the local transaction must not commit. */
    CaptureFailedException broken(Call<?> call, String problem, @Nullable Throwable cause) {
        CaptureFailedException failure = new CaptureFailedException(
                "The statement was executed but cannot be captured, so the local transaction can only roll back: "
                        + problem + ". Statement: " + call.sql(),
                cause);
        branch.breakWith(at, xid, failure);
        return failure;
    }
}
