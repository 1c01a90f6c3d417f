package io.entente.rm.forwarding;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/** Hands the calls that only a callable statement has to the real one. */
public abstract class ForwardingCallableStatement extends ForwardingPreparedStatement<CallableStatement>
        implements CallableStatement {

    protected ForwardingCallableStatement(CallableStatement real) {
        super(real);
    }

    @Override
    public Array getArray(String parameter) throws SQLException {
        return real.getArray(parameter);
    }

    @Override
    public Array getArray(int index) throws SQLException {
        return real.getArray(index);
    }

    @Override
    public BigDecimal getBigDecimal(String parameter) throws SQLException {
        return real.getBigDecimal(parameter);
    }

    @Override
    public BigDecimal getBigDecimal(int index) throws SQLException {
        return real.getBigDecimal(index);
    }

    @Deprecated
    @Override
    public BigDecimal getBigDecimal(int index, int value) throws SQLException {
        return real.getBigDecimal(index, value);
    }

    @Override
    public Blob getBlob(String parameter) throws SQLException {
        return real.getBlob(parameter);
    }

    @Override
    public Blob getBlob(int index) throws SQLException {
        return real.getBlob(index);
    }

    @Override
    public boolean getBoolean(String parameter) throws SQLException {
        return real.getBoolean(parameter);
    }

    @Override
    public boolean getBoolean(int index) throws SQLException {
        return real.getBoolean(index);
    }

    @Override
    public byte getByte(String parameter) throws SQLException {
        return real.getByte(parameter);
    }

    @Override
    public byte getByte(int index) throws SQLException {
        return real.getByte(index);
    }

    @Override
    public byte[] getBytes(String parameter) throws SQLException {
        return real.getBytes(parameter);
    }

    @Override
    public byte[] getBytes(int index) throws SQLException {
        return real.getBytes(index);
    }

    @Override
    public Reader getCharacterStream(String parameter) throws SQLException {
        return real.getCharacterStream(parameter);
    }

    @Override
    public Reader getCharacterStream(int index) throws SQLException {
        return real.getCharacterStream(index);
    }

    @Override
    public Clob getClob(String parameter) throws SQLException {
        return real.getClob(parameter);
    }

    @Override
    public Clob getClob(int index) throws SQLException {
        return real.getClob(index);
    }

    @Override
    public Date getDate(String parameter) throws SQLException {
        return real.getDate(parameter);
    }

    @Override
    public Date getDate(int index) throws SQLException {
        return real.getDate(index);
    }

    @Override
    public Date getDate(String parameter, Calendar calendar) throws SQLException {
        return real.getDate(parameter, calendar);
    }

    @Override
    public Date getDate(int index, Calendar calendar) throws SQLException {
        return real.getDate(index, calendar);
    }

    @Override
    public double getDouble(String parameter) throws SQLException {
        return real.getDouble(parameter);
    }

    @Override
    public double getDouble(int index) throws SQLException {
        return real.getDouble(index);
    }

    @Override
    public float getFloat(String parameter) throws SQLException {
        return real.getFloat(parameter);
    }

    @Override
    public float getFloat(int index) throws SQLException {
        return real.getFloat(index);
    }

    @Override
    public int getInt(String parameter) throws SQLException {
        return real.getInt(parameter);
    }

    @Override
    public int getInt(int index) throws SQLException {
        return real.getInt(index);
    }

    @Override
    public long getLong(String parameter) throws SQLException {
        return real.getLong(parameter);
    }

    @Override
    public long getLong(int index) throws SQLException {
        return real.getLong(index);
    }

    @Override
    public Reader getNCharacterStream(String parameter) throws SQLException {
        return real.getNCharacterStream(parameter);
    }

    @Override
    public Reader getNCharacterStream(int index) throws SQLException {
        return real.getNCharacterStream(index);
    }

    @Override
    public NClob getNClob(String parameter) throws SQLException {
        return real.getNClob(parameter);
    }

    @Override
    public NClob getNClob(int index) throws SQLException {
        return real.getNClob(index);
    }

    @Override
    public String getNString(String parameter) throws SQLException {
        return real.getNString(parameter);
    }

    @Override
    public String getNString(int index) throws SQLException {
        return real.getNString(index);
    }

    @Override
    public Object getObject(String parameter) throws SQLException {
        return real.getObject(parameter);
    }

    @Override
    public Object getObject(int index) throws SQLException {
        return real.getObject(index);
    }

    @Override
    public <T> T getObject(String parameter, Class<T> type) throws SQLException {
        return real.getObject(parameter, type);
    }

    @Override
    public Object getObject(String parameter, Map<String, Class<?>> map) throws SQLException {
        return real.getObject(parameter, map);
    }

    @Override
    public <T> T getObject(int index, Class<T> type) throws SQLException {
        return real.getObject(index, type);
    }

    @Override
    public Object getObject(int index, Map<String, Class<?>> map) throws SQLException {
        return real.getObject(index, map);
    }

    @Override
    public Ref getRef(String parameter) throws SQLException {
        return real.getRef(parameter);
    }

    @Override
    public Ref getRef(int index) throws SQLException {
        return real.getRef(index);
    }

    @Override
    public RowId getRowId(String parameter) throws SQLException {
        return real.getRowId(parameter);
    }

    @Override
    public RowId getRowId(int index) throws SQLException {
        return real.getRowId(index);
    }

    @Override
    public SQLXML getSQLXML(String parameter) throws SQLException {
        return real.getSQLXML(parameter);
    }

    @Override
    public SQLXML getSQLXML(int index) throws SQLException {
        return real.getSQLXML(index);
    }

    @Override
    public short getShort(String parameter) throws SQLException {
        return real.getShort(parameter);
    }

    @Override
    public short getShort(int index) throws SQLException {
        return real.getShort(index);
    }

    @Override
    public String getString(String parameter) throws SQLException {
        return real.getString(parameter);
    }

    @Override
    public String getString(int index) throws SQLException {
        return real.getString(index);
    }

    @Override
    public Time getTime(String parameter) throws SQLException {
        return real.getTime(parameter);
    }

    @Override
    public Time getTime(int index) throws SQLException {
        return real.getTime(index);
    }

    @Override
    public Time getTime(String parameter, Calendar calendar) throws SQLException {
        return real.getTime(parameter, calendar);
    }

    @Override
    public Time getTime(int index, Calendar calendar) throws SQLException {
        return real.getTime(index, calendar);
    }

    @Override
    public Timestamp getTimestamp(String parameter) throws SQLException {
        return real.getTimestamp(parameter);
    }

    @Override
    public Timestamp getTimestamp(int index) throws SQLException {
        return real.getTimestamp(index);
    }

    @Override
    public Timestamp getTimestamp(String parameter, Calendar calendar) throws SQLException {
        return real.getTimestamp(parameter, calendar);
    }

    @Override
    public Timestamp getTimestamp(int index, Calendar calendar) throws SQLException {
        return real.getTimestamp(index, calendar);
    }

    @Override
    public URL getURL(String parameter) throws SQLException {
        return real.getURL(parameter);
    }

    @Override
    public URL getURL(int index) throws SQLException {
        return real.getURL(index);
    }

    @Override
    public void registerOutParameter(String parameter, int type) throws SQLException {
        real.registerOutParameter(parameter, type);
    }

    @Override
    public void registerOutParameter(String parameter, SQLType type) throws SQLException {
        real.registerOutParameter(parameter, type);
    }

    @Override
    public void registerOutParameter(int index, int type) throws SQLException {
        real.registerOutParameter(index, type);
    }

    @Override
    public void registerOutParameter(int index, SQLType type) throws SQLException {
        real.registerOutParameter(index, type);
    }

    @Override
    public void registerOutParameter(String parameter, int type, String typeName) throws SQLException {
        real.registerOutParameter(parameter, type, typeName);
    }

    @Override
    public void registerOutParameter(String parameter, int type, int scale) throws SQLException {
        real.registerOutParameter(parameter, type, scale);
    }

    @Override
    public void registerOutParameter(String parameter, SQLType type, String typeName) throws SQLException {
        real.registerOutParameter(parameter, type, typeName);
    }

    @Override
    public void registerOutParameter(String parameter, SQLType type, int scale) throws SQLException {
        real.registerOutParameter(parameter, type, scale);
    }

    @Override
    public void registerOutParameter(int index, int type, String typeName) throws SQLException {
        real.registerOutParameter(index, type, typeName);
    }

    @Override
    public void registerOutParameter(int index, int type, int scale) throws SQLException {
        real.registerOutParameter(index, type, scale);
    }

    @Override
    public void registerOutParameter(int index, SQLType type, String typeName) throws SQLException {
        real.registerOutParameter(index, type, typeName);
    }

    @Override
    public void registerOutParameter(int index, SQLType type, int scale) throws SQLException {
        real.registerOutParameter(index, type, scale);
    }

    @Override
    public void setAsciiStream(String parameter, InputStream stream) throws SQLException {
        real.setAsciiStream(parameter, stream);
    }

    @Override
    public void setAsciiStream(String parameter, InputStream stream, int length) throws SQLException {
        real.setAsciiStream(parameter, stream, length);
    }

    @Override
    public void setAsciiStream(String parameter, InputStream stream, long length) throws SQLException {
        real.setAsciiStream(parameter, stream, length);
    }

    @Override
    public void setBigDecimal(String parameter, BigDecimal value) throws SQLException {
        real.setBigDecimal(parameter, value);
    }

    @Override
    public void setBinaryStream(String parameter, InputStream stream) throws SQLException {
        real.setBinaryStream(parameter, stream);
    }

    @Override
    public void setBinaryStream(String parameter, InputStream stream, int length) throws SQLException {
        real.setBinaryStream(parameter, stream, length);
    }

    @Override
    public void setBinaryStream(String parameter, InputStream stream, long length) throws SQLException {
        real.setBinaryStream(parameter, stream, length);
    }

    @Override
    public void setBlob(String parameter, InputStream stream) throws SQLException {
        real.setBlob(parameter, stream);
    }

    @Override
    public void setBlob(String parameter, Blob value) throws SQLException {
        real.setBlob(parameter, value);
    }

    @Override
    public void setBlob(String parameter, InputStream stream, long length) throws SQLException {
        real.setBlob(parameter, stream, length);
    }

    @Override
    public void setBoolean(String parameter, boolean value) throws SQLException {
        real.setBoolean(parameter, value);
    }

    @Override
    public void setByte(String parameter, byte value) throws SQLException {
        real.setByte(parameter, value);
    }

    @Override
    public void setBytes(String parameter, byte[] value) throws SQLException {
        real.setBytes(parameter, value);
    }

    @Override
    public void setCharacterStream(String parameter, Reader stream) throws SQLException {
        real.setCharacterStream(parameter, stream);
    }

    @Override
    public void setCharacterStream(String parameter, Reader stream, int length) throws SQLException {
        real.setCharacterStream(parameter, stream, length);
    }

    @Override
    public void setCharacterStream(String parameter, Reader stream, long length) throws SQLException {
        real.setCharacterStream(parameter, stream, length);
    }

    @Override
    public void setClob(String parameter, Reader stream) throws SQLException {
        real.setClob(parameter, stream);
    }

    @Override
    public void setClob(String parameter, Clob value) throws SQLException {
        real.setClob(parameter, value);
    }

    @Override
    public void setClob(String parameter, Reader stream, long length) throws SQLException {
        real.setClob(parameter, stream, length);
    }

    @Override
    public void setDate(String parameter, Date value) throws SQLException {
        real.setDate(parameter, value);
    }

    @Override
    public void setDate(String parameter, Date value, Calendar calendar) throws SQLException {
        real.setDate(parameter, value, calendar);
    }

    @Override
    public void setDouble(String parameter, double value) throws SQLException {
        real.setDouble(parameter, value);
    }

    @Override
    public void setFloat(String parameter, float value) throws SQLException {
        real.setFloat(parameter, value);
    }

    @Override
    public void setInt(String parameter, int value) throws SQLException {
        real.setInt(parameter, value);
    }

    @Override
    public void setLong(String parameter, long value) throws SQLException {
        real.setLong(parameter, value);
    }

    @Override
    public void setNCharacterStream(String parameter, Reader stream) throws SQLException {
        real.setNCharacterStream(parameter, stream);
    }

    @Override
    public void setNCharacterStream(String parameter, Reader stream, long length) throws SQLException {
        real.setNCharacterStream(parameter, stream, length);
    }

    @Override
    public void setNClob(String parameter, Reader stream) throws SQLException {
        real.setNClob(parameter, stream);
    }

    @Override
    public void setNClob(String parameter, NClob value) throws SQLException {
        real.setNClob(parameter, value);
    }

    @Override
    public void setNClob(String parameter, Reader stream, long length) throws SQLException {
        real.setNClob(parameter, stream, length);
    }

    @Override
    public void setNString(String parameter, String text) throws SQLException {
        real.setNString(parameter, text);
    }

    @Override
    public void setNull(String parameter, int type) throws SQLException {
        real.setNull(parameter, type);
    }

    @Override
    public void setNull(String parameter, int type, String typeName) throws SQLException {
        real.setNull(parameter, type, typeName);
    }

    @Override
    public void setObject(String parameter, Object value) throws SQLException {
        real.setObject(parameter, value);
    }

    @Override
    public void setObject(String parameter, Object value, int targetType) throws SQLException {
        real.setObject(parameter, value, targetType);
    }

    @Override
    public void setObject(String parameter, Object value, SQLType type) throws SQLException {
        real.setObject(parameter, value, type);
    }

    @Override
    public void setObject(String parameter, Object value, int targetType, int scale) throws SQLException {
        real.setObject(parameter, value, targetType, scale);
    }

    @Override
    public void setObject(String parameter, Object value, SQLType type, int scale) throws SQLException {
        real.setObject(parameter, value, type, scale);
    }

    @Override
    public void setRowId(String parameter, RowId value) throws SQLException {
        real.setRowId(parameter, value);
    }

    @Override
    public void setSQLXML(String parameter, SQLXML value) throws SQLException {
        real.setSQLXML(parameter, value);
    }

    @Override
    public void setShort(String parameter, short value) throws SQLException {
        real.setShort(parameter, value);
    }

    @Override
    public void setString(String parameter, String text) throws SQLException {
        real.setString(parameter, text);
    }

    @Override
    public void setTime(String parameter, Time value) throws SQLException {
        real.setTime(parameter, value);
    }

    @Override
    public void setTime(String parameter, Time value, Calendar calendar) throws SQLException {
        real.setTime(parameter, value, calendar);
    }

    @Override
    public void setTimestamp(String parameter, Timestamp value) throws SQLException {
        real.setTimestamp(parameter, value);
    }

    @Override
    public void setTimestamp(String parameter, Timestamp value, Calendar calendar) throws SQLException {
        real.setTimestamp(parameter, value, calendar);
    }

    @Override
    public void setURL(String parameter, URL value) throws SQLException {
        real.setURL(parameter, value);
    }

    @Override
    public boolean wasNull() throws SQLException {
        return real.wasNull();
    }
}
