package io.entente.rm.capture;

import java.io.Serial;
import java.sql.SQLException;

/** Another global transaction holds a row: the way out of one attempt, never seen by the application. */
public final class RowsHeldException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String lockKey;

    /**
     * @param holder who holds which row, in the coordinator's words
     * @param lockKey the rows that have to be free
     */
    public RowsHeldException(String holder, String lockKey) {
        super(holder);
        this.lockKey = lockKey;
    }

    /** The rows that have to be free, see {@link io.entente.rm.image.LockKeys}. */
    public String lockKey() {
        return lockKey;
    }
}
