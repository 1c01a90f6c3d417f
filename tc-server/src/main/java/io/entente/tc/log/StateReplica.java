package io.entente.tc.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The state that the committed entries of a replicated log lead to, on every member. Used by one thread at a time. What
 * it throws from {@link #apply} stops the member: it would differ from the others.
 */
public interface StateReplica {

    /**
     * The next committed entry.
     *
     * @param payload read-only, valid during the call
     */
    void apply(ByteBuffer payload);

    /** Writes the state. */
    void writeTo(OutputStream out) throws IOException;

    /** Replaces the state by one that {@link #writeTo} wrote, or leaves it as it is when that cannot be read. */
    void reset(InputStream in) throws IOException;
}
