package io.entente.rm.branch;

import io.entente.rm.undo.UndoLog;
import javax.sql.DataSource;

/**
 * A database in which this process can commit and roll back branches.
 *
 * @param id the name all instances of all services give to this database; contains no comma
 * @param dataSource plain connections to it, which capture nothing
 * @param undoLog its undo log
 */
public record BranchResource(String id, DataSource dataSource, UndoLog undoLog) {

    /** @throws IllegalArgumentException when {@code id} is blank or contains a comma, which separates ids on the wire */
    public BranchResource {
        if (id.isBlank() || id.contains(",")) {
            throw new IllegalArgumentException(
                    "The resource id '" + id + "' is blank or contains a comma. Ids come from ResourceId.of.");
        }
    }
}
