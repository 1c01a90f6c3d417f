package io.entente.rm.forwarding;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;

/** Hands the calls that only a prepared statement has to the real one. */
public abstract class ForwardingPreparedStatement<S extends PreparedStatement> extends ForwardingStatement<S>
        implements PreparedStatement {

    protected ForwardingPreparedStatement(S real) {
        super(real);
    }

    @Override
    public void addBatch() throws SQLException {
        real.addBatch();
    }

    @Override
    public void clearParameters() throws SQLException {
        real.clearParameters();
    }

    @Override
    public boolean execute() throws SQLException {
        beforeExecution();
        return real.execute();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        beforeExecution();
        return real.executeLargeUpdate();
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        beforeExecution();
        return wrap(real.executeQuery());
    }

    @Override
    public int executeUpdate() throws SQLException {
        beforeExecution();
        return real.executeUpdate();
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return real.getMetaData();
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        return real.getParameterMetaData();
    }

    @Override
    public void setArray(int index, Array value) throws SQLException {
        real.setArray(index, value);
    }

    @Override
    public void setAsciiStream(int index, InputStream stream) throws SQLException {
        real.setAsciiStream(index, stream);
    }

    @Override
    public void setAsciiStream(int index, InputStream stream, int length) throws SQLException {
        real.setAsciiStream(index, stream, length);
    }

    @Override
    public void setAsciiStream(int index, InputStream stream, long length) throws SQLException {
        real.setAsciiStream(index, stream, length);
    }

    @Override
    public void setBigDecimal(int index, BigDecimal value) throws SQLException {
        real.setBigDecimal(index, value);
    }

    @Override
    public void setBinaryStream(int index, InputStream stream) throws SQLException {
        real.setBinaryStream(index, stream);
    }

    @Override
    public void setBinaryStream(int index, InputStream stream, int length) throws SQLException {
        real.setBinaryStream(index, stream, length);
    }

    @Override
    public void setBinaryStream(int index, InputStream stream, long length) throws SQLException {
        real.setBinaryStream(index, stream, length);
    }

    @Override
    public void setBlob(int index, InputStream stream) throws SQLException {
        real.setBlob(index, stream);
    }

    @Override
    public void setBlob(int index, Blob value) throws SQLException {
        real.setBlob(index, value);
    }

    @Override
    public void setBlob(int index, InputStream stream, long length) throws SQLException {
        real.setBlob(index, stream, length);
    }

    @Override
    public void setBoolean(int index, boolean value) throws SQLException {
        real.setBoolean(index, value);
    }

    @Override
    public void setByte(int index, byte value) throws SQLException {
        real.setByte(index, value);
    }

    @Override
    public void setBytes(int index, byte[] value) throws SQLException {
        real.setBytes(index, value);
    }

    @Override
    public void setCharacterStream(int index, Reader stream) throws SQLException {
        real.setCharacterStream(index, stream);
    }

    @Override
    public void setCharacterStream(int index, Reader stream, int length) throws SQLException {
        real.setCharacterStream(index, stream, length);
    }

    @Override
    public void setCharacterStream(int index, Reader stream, long length) throws SQLException {
        real.setCharacterStream(index, stream, length);
    }

    @Override
    public void setClob(int index, Reader stream) throws SQLException {
        real.setClob(index, stream);
    }

    @Override
    public void setClob(int index, Clob value) throws SQLException {
        real.setClob(index, value);
    }

    @Override
    public void setClob(int index, Reader stream, long length) throws SQLException {
        real.setClob(index, stream, length);
    }

    @Override
    public void setDate(int index, Date value) throws SQLException {
        real.setDate(index, value);
    }

    @Override
    public void setDate(int index, Date value, Calendar calendar) throws SQLException {
        real.setDate(index, value, calendar);
    }

    @Override
    public void setDouble(int index, double value) throws SQLException {
        real.setDouble(index, value);
    }

    @Override
    public void setFloat(int index, float value) throws SQLException {
        real.setFloat(index, value);
    }

    @Override
    public void setInt(int index, int value) throws SQLException {
        real.setInt(index, value);
    }

    @Override
    public void setLong(int index, long value) throws SQLException {
        real.setLong(index, value);
    }

    @Override
    public void setNCharacterStream(int index, Reader stream) throws SQLException {
        real.setNCharacterStream(index, stream);
    }

    @Override
    public void setNCharacterStream(int index, Reader stream, long length) throws SQLException {
        real.setNCharacterStream(index, stream, length);
    }

    @Override
    public void setNClob(int index, Reader stream) throws SQLException {
        real.setNClob(index, stream);
    }

    @Override
    public void setNClob(int index, NClob value) throws SQLException {
        real.setNClob(index, value);
    }

    @Override
    public void setNClob(int index, Reader stream, long length) throws SQLException {
        real.setNClob(index, stream, length);
    }

    @Override
    public void setNString(int index, String text) throws SQLException {
        real.setNString(index, text);
    }

    @Override
    public void setNull(int index, int type) throws SQLException {
        real.setNull(index, type);
    }

    @Override
    public void setNull(int index, int type, String typeName) throws SQLException {
        real.setNull(index, type, typeName);
    }

    @Override
    public void setObject(int index, Object value) throws SQLException {
        real.setObject(index, value);
    }

    @Override
    public void setObject(int index, Object value, int targetType) throws SQLException {
        real.setObject(index, value, targetType);
    }

    @Override
    public void setObject(int index, Object value, SQLType type) throws SQLException {
        real.setObject(index, value, type);
    }

    @Override
    public void setObject(int index, Object value, int targetType, int scale) throws SQLException {
        real.setObject(index, value, targetType, scale);
    }

    @Override
    public void setObject(int index, Object value, SQLType type, int scale) throws SQLException {
        real.setObject(index, value, type, scale);
    }

    @Override
    public void setRef(int index, Ref value) throws SQLException {
        real.setRef(index, value);
    }

    @Override
    public void setRowId(int index, RowId value) throws SQLException {
        real.setRowId(index, value);
    }

    @Override
    public void setSQLXML(int index, SQLXML value) throws SQLException {
        real.setSQLXML(index, value);
    }

    @Override
    public void setShort(int index, short value) throws SQLException {
        real.setShort(index, value);
    }

    @Override
    public void setString(int index, String text) throws SQLException {
        real.setString(index, text);
    }

    @Override
    public void setTime(int index, Time value) throws SQLException {
        real.setTime(index, value);
    }

    @Override
    public void setTime(int index, Time value, Calendar calendar) throws SQLException {
        real.setTime(index, value, calendar);
    }

    @Override
    public void setTimestamp(int index, Timestamp value) throws SQLException {
        real.setTimestamp(index, value);
    }

    @Override
    public void setTimestamp(int index, Timestamp value, Calendar calendar) throws SQLException {
        real.setTimestamp(index, value, calendar);
    }

    @Override
    public void setURL(int index, URL value) throws SQLException {
        real.setURL(index, value);
    }

    @Deprecated
    @Override
    public void setUnicodeStream(int index, InputStream stream, int length) throws SQLException {
        real.setUnicodeStream(index, stream, length);
    }
}
