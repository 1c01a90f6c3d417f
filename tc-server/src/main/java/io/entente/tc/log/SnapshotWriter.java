package io.entente.tc.log;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a state that no longer changes. */
@FunctionalInterface
public interface SnapshotWriter {

    /**
     * Runs on a thread of the log, so whatever it reads must not change any more.
     *
     * @param state buffered; the log closes it
     */
    void writeTo(OutputStream state) throws IOException;
}
