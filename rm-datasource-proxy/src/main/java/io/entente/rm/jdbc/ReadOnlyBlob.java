package io.entente.rm.jdbc;

import io.entente.rm.call.StatementRefusedException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;

/** A large object of the database that its own methods would change, past every statement, and so without an image. */
final class ReadOnlyBlob implements Blob {

    private final Blob real;

    ReadOnlyBlob(Blob real) {
        this.real = real;
    }

    /** What to do instead of writing through a locator. */
    static StatementRefusedException refusal(String method) {
        return new StatementRefusedException(
                method,
                method + " changes a large object in place, which cannot be undone by a global rollback",
                "write a new one with an UPDATE statement and PreparedStatement.setBlob");
    }

    @Override
    public long length() throws SQLException {
        return real.length();
    }

    @Override
    public byte[] getBytes(long position, int length) throws SQLException {
        return real.getBytes(position, length);
    }

    @Override
    public InputStream getBinaryStream() throws SQLException {
        return real.getBinaryStream();
    }

    @Override
    public InputStream getBinaryStream(long position, long length) throws SQLException {
        return real.getBinaryStream(position, length);
    }

    @Override
    public long position(byte[] pattern, long start) throws SQLException {
        return real.position(pattern, start);
    }

    @Override
    public long position(Blob pattern, long start) throws SQLException {
        return real.position(pattern, start);
    }

    @Override
    public int setBytes(long position, byte[] bytes) throws SQLException {
        throw refusal("Blob.setBytes");
    }

    @Override
    public int setBytes(long position, byte[] bytes, int offset, int length) throws SQLException {
        throw refusal("Blob.setBytes");
    }

    @Override
    public OutputStream setBinaryStream(long position) throws SQLException {
        throw refusal("Blob.setBinaryStream");
    }

    @Override
    public void truncate(long length) throws SQLException {
        throw refusal("Blob.truncate");
    }

    @Override
    public void free() throws SQLException {
        real.free();
    }
}
