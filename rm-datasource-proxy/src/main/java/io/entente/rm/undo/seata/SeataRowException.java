package io.entente.rm.undo.seata;

import java.io.Serial;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;

/** An undo row of Seata's cannot be read with certainty; its branch has to be rolled back by other means. */
public final class SeataRowException extends SQLNonTransientException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String REMEDY = ". Remedy: let a Seata client of this application roll the branch back (keep"
            + " one old instance running until its undo rows are gone), or put the rows back by hand and delete the"
            + " undo row.";

    private final String reason;

    /**
     * Adds the remedy.
     *
     * @param reason a sentence without its full stop
     */
    SeataRowException(String reason) {
        this(reason, null);
    }

    SeataRowException(String reason, @Nullable Throwable cause) {
        super("The undo row was written by Seata, and " + reason + REMEDY, cause);
        this.reason = reason;
    }

    /** The same, with the place in front. */
    SeataRowException at(String place) {
        return new SeataRowException("of " + place + " " + reason, this);
    }
}
