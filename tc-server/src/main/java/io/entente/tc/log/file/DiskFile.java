package io.entente.tc.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of a {@link Disk}. It stays usable when it is renamed. */
interface DiskFile extends Closeable {

    String name();

    long size() throws IOException;

    /** Reads until the buffer is full or the file ends; returns the bytes read. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all that remains in the buffer. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Returns when everything written is on stable storage. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
}
