package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import java.io.Serial;
import java.sql.SQLFeatureNotSupportedException;

/** A column's type cannot be captured without loss, so a change to it could not be undone. */
public final class ColumnNotCapturableException extends SQLFeatureNotSupportedException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String REMEDY =
            "store it as text or bytes; an UPDATE that leaves the column out can be captured as it is";

    private final String reason;

    ColumnNotCapturableException(Column column, String database) {
        this("column " + column.name() + " of type " + column.typeName() + " cannot be captured on " + database
                + " without loss");
    }

    private ColumnNotCapturableException(String reason) {
        super("This cannot be undone: " + reason + ". Remedy: " + REMEDY + ".");
        this.reason = reason;
    }

    /** Which column it is; without a full stop. */
    public String reason() {
        return reason;
    }

    /** What to do about it; without a full stop. */
    public String remedy() {
        return REMEDY;
    }
}
