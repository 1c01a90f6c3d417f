package io.entente.rm.capture;

import io.entente.rm.image.Change;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The local transaction that statements are captured in, seen from them. */
public interface LocalWork {

    /** Whether it was opened for one statement and can be tried again as a whole. */
    boolean isOwn();

    /** Whether nothing was done before in it, so that a rollback of it all is one to where the statement began. */
    boolean isNew();

    /** Takes a change that was captured. */
    void record(Change change);

    /** From now on the local transaction can only roll back. */
    void breakWith(CaptureFailedException cause);

    /** What unqualified table names mean on the connection now, see {@link io.entente.rm.table.TableReader#scope}. */
    String scope() throws SQLException;

    /** As {@link #scope}, asked anew, because what was believed has turned out to be wrong. */
    String currentScope() throws SQLException;

    /**
     * Which other global transaction holds one of these rows, in the coordinator's words; null when none does.
     *
     * @param lockKey see {@link io.entente.rm.image.LockKeys}
     * @throws SQLException the coordinator cannot tell
     */
    @Nullable
    String holder(String lockKey) throws SQLException;

    /**
     * Waits until no other global transaction holds one of these rows.
     *
     * @param holder who holds one of them
     * @param keepsRows whether the database's locks of these rows are kept meanwhile
     * @throws SQLException the time for waiting is over, or there is no sense in it
     */
    void awaitRows(String lockKey, String holder, boolean keepsRows) throws SQLException;

    /** The failure of a statement that does not wait for rows another global transaction holds. */
    SQLException rowsHeld(String holder);
}
