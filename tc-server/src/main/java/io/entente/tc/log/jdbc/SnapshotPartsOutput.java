package io.entente.tc.log.jdbc;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Stores a state in rows of a size that every server takes. */
final class SnapshotPartsOutput extends OutputStream {

    private static final int PART_BYTES = 512 * 1024;

    private final LogConnection connection;
    private final String group;
    private final long index;
    private final BooleanSupplier abandoned;
    private final byte[] part = new byte[PART_BYTES];
    private int filled;
    private int next;

    SnapshotPartsOutput(LogConnection connection, String group, long index, BooleanSupplier abandoned) {
        this.connection = connection;
        this.group = group;
        this.index = index;
        this.abandoned = abandoned;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (filled == PART_BYTES) {
                store(false);
            }
            int count = Math.min(length - done, PART_BYTES - filled);
            System.arraycopy(bytes, offset + done, part, filled, count);
            filled += count;
            done += count;
        }
    }

    /** Stores what is left. */
    void finish() throws IOException {
        store(true);
    }

    private void store(boolean last) throws IOException {
        if (abandoned.getAsBoolean()) {
            throw new IOException("The snapshot is abandoned, because the log is being closed.");
        }
        try {
            connection.update(
                    "INSERT INTO entente_log_snapshot (log_group, entry_index, part, is_last, content) VALUES (?, ?, ?, ?,"
                            + " ?)",
                    group,
                    index,
                    next,
                    last,
                    Arrays.copyOf(part, filled));
        } catch (SQLException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
        filled = 0;
        next++;
    }
}
