package io.entente.rm.undo;

import java.io.Serial;
import java.sql.SQLNonTransientException;

/** The table undo_log is missing, or lacks a column. */
public final class UndoTableMissingException extends SQLNonTransientException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String NO_SUCH_TABLE = "42S02";

    UndoTableMissingException(String sqlFolder, Throwable cause) {
        super(
                "The table undo_log is missing in this database, or lacks a column: " + cause.getMessage()
                        + ". Every database that takes part in AT transactions needs it. Remedy: run sql/" + sqlFolder
                        + "/undo_log.sql (also on the class path as io/entente/sql/" + sqlFolder
                        + "/undo_log.sql), or let the start create it (entente.at.create-undo-log-table, or start(true)).",
                NO_SUCH_TABLE,
                cause);
    }
}
