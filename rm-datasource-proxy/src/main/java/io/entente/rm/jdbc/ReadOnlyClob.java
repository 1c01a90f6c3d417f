package io.entente.rm.jdbc;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.sql.Clob;
import java.sql.SQLException;

/** As {@link ReadOnlyBlob}, of characters. */
final class ReadOnlyClob implements Clob {

    private final Clob real;

    ReadOnlyClob(Clob real) {
        this.real = real;
    }

    @Override
    public long length() throws SQLException {
        return real.length();
    }

    @Override
    public String getSubString(long position, int length) throws SQLException {
        return real.getSubString(position, length);
    }

    @Override
    public Reader getCharacterStream() throws SQLException {
        return real.getCharacterStream();
    }

    @Override
    public Reader getCharacterStream(long position, long length) throws SQLException {
        return real.getCharacterStream(position, length);
    }

    @Override
    public InputStream getAsciiStream() throws SQLException {
        return real.getAsciiStream();
    }

    @Override
    public long position(String pattern, long start) throws SQLException {
        return real.position(pattern, start);
    }

    @Override
    public long position(Clob pattern, long start) throws SQLException {
        return real.position(pattern, start);
    }

    @Override
    public int setString(long position, String text) throws SQLException {
        throw ReadOnlyBlob.refusal("Clob.setString");
    }

    @Override
    public int setString(long position, String text, int offset, int length) throws SQLException {
        throw ReadOnlyBlob.refusal("Clob.setString");
    }

    @Override
    public OutputStream setAsciiStream(long position) throws SQLException {
        throw ReadOnlyBlob.refusal("Clob.setAsciiStream");
    }

    @Override
    public Writer setCharacterStream(long position) throws SQLException {
        throw ReadOnlyBlob.refusal("Clob.setCharacterStream");
    }

    @Override
    public void truncate(long length) throws SQLException {
        throw ReadOnlyBlob.refusal("Clob.truncate");
    }

    @Override
    public void free() throws SQLException {
        real.free();
    }
}
