package io.entente.tc.log.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/** Reads a state that {@link SnapshotPartsOutput} has stored. */
final class SnapshotParts extends InputStream {

    private final LogConnection connection;
    private final String group;
    private final long index;
    private byte[] part = {};
    private int position;
    private int next;
    private boolean last;

    SnapshotParts(LogConnection connection, String group, long index) {
        this.connection = connection;
        this.group = group;
        this.index = index;
    }

    @Override
    public int read() throws IOException {
        return isAtEnd() ? -1 : part[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (isAtEnd()) {
            return -1;
        }
        int count = Math.min(length, part.length - position);
        System.arraycopy(part, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean isAtEnd() throws IOException {
        while (position == part.length && !last) {
            load();
        }
        return position == part.length;
    }

    private void load() throws IOException {
        boolean[] found = {false};
        try {
            connection.query(
                    row -> {
                        found[0] = true;
                        part = row.getBytes(1);
                        last = row.getBoolean(2);
                    },
                    "SELECT content, is_last FROM entente_log_snapshot WHERE log_group = ? AND entry_index = ? AND part = ?",
                    group,
                    index,
                    next);
        } catch (SQLException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
        if (!found[0]) {
            throw new IOException("part " + next + " of the snapshot after entry " + index + " of group " + group
                    + " is missing in entente_log_snapshot");
        }
        position = 0;
        next++;
    }
}
