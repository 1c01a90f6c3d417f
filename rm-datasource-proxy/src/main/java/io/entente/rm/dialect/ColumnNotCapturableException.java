package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import java.io.Serial;
import java.sql.SQLFeatureNotSupportedException;

/** A column's type cannot be captured without loss, so a change to it could not be undone. */
public final class ColumnNotCapturableException extends SQLFeatureNotSupportedException {

    @Serial
    private static final long serialVersionUID = 1L;

    ColumnNotCapturableException(Column column, String database) {
        super("Column " + column.name() + " of type " + column.typeName() + " cannot be captured on " + database
                + ", so a change to it could not be undone. Remedy: leave the column out of statements inside global"
                + " transactions, or store it as text or bytes.");
    }
}
