package io.entente.rm.capture;

import io.entente.rm.image.Change;
import java.sql.SQLException;

/** The local transaction that statements are captured in, seen from them. */
public interface LocalWork {

    /** Whether it was opened for one statement and can be tried again as a whole. */
    boolean isOwn();

    /** Takes a change that was captured. */
    void record(Change change);

    /** From now on the local transaction can only roll back. */
    void breakWith(CaptureFailedException cause);

    /** What unqualified table names mean on the connection now, see {@link io.entente.rm.table.TableReader#scope}. */
    String scope() throws SQLException;

    /** As {@link #scope}, asked anew, because what was believed has turned out to be wrong. */
    String currentScope() throws SQLException;

    /**
     * Whether no other global transaction holds any of these rows.
     *
     * @param lockKey see {@link io.entente.rm.image.LockKeys}
     * @throws SQLException the coordinator cannot tell
     */
    boolean isLockable(String lockKey) throws SQLException;

    /**
     * Waits a little before rows are asked for again that another global transaction holds.
     *
     * @param attempts how often they were asked for
     * @throws SQLException that was often enough
     */
    void awaitRows(int attempts, String holder) throws SQLException;

    /** The failure of a statement that does not wait for rows another global transaction holds. */
    SQLException rowsHeld(String holder);
}
