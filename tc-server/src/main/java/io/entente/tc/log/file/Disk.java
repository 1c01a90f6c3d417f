package io.entente.tc.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One directory, as far as the log needs it: the seam at which tests make the disk fail or the power go.
 *
 * <p>What is created, renamed or deleted is sure to survive a power failure only after {@link #syncDirectory}.
 */
interface Disk extends Closeable {

    List<String> list() throws IOException;

    /** Creates an empty file, or empties the one there is. */
    DiskFile create(String name) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(String name) throws IOException;

    /** Gives a file a new name, in place of any file that has it: entirely or not at all. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    void syncDirectory() throws IOException;

    /** The file as a person finds it: for messages. */
    String locate(String name);

    /** Gives the directory free for another process. */
    @Override
    void close() throws IOException;
}
