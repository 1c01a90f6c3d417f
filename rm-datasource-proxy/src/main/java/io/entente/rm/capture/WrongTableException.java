package io.entente.rm.capture;

import io.entente.rm.table.TableName;
import java.io.Serial;
import java.sql.SQLException;

/** The name of a table means another one on this connection than it was believed to: its search path differs. */
public final class WrongTableException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    WrongTableException(TableName believed) {
        super("the rows are not of " + believed + ": the connection's search path is another one than before");
    }
}
