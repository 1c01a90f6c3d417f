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
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands every call to the real result set, for subclasses that change some. */
public abstract class ForwardingResultSet implements ResultSet {

    /** Where the calls go. */
    protected ResultSet real;

    protected ForwardingResultSet(ResultSet real) {
        this.real = real;
    }

    @Override
    public boolean absolute(int value) throws SQLException {
        return real.absolute(value);
    }

    @Override
    public void afterLast() throws SQLException {
        real.afterLast();
    }

    @Override
    public void beforeFirst() throws SQLException {
        real.beforeFirst();
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        real.cancelRowUpdates();
    }

    @Override
    public void clearWarnings() throws SQLException {
        real.clearWarnings();
    }

    @Override
    public void close() throws SQLException {
        real.close();
    }

    @Override
    public void deleteRow() throws SQLException {
        real.deleteRow();
    }

    @Override
    public int findColumn(String column) throws SQLException {
        return real.findColumn(column);
    }

    @Override
    public boolean first() throws SQLException {
        return real.first();
    }

    @Override
    public Array getArray(String column) throws SQLException {
        return real.getArray(column);
    }

    @Override
    public Array getArray(int column) throws SQLException {
        return real.getArray(column);
    }

    @Override
    public InputStream getAsciiStream(String column) throws SQLException {
        return real.getAsciiStream(column);
    }

    @Override
    public InputStream getAsciiStream(int column) throws SQLException {
        return real.getAsciiStream(column);
    }

    @Override
    public BigDecimal getBigDecimal(String column) throws SQLException {
        return real.getBigDecimal(column);
    }

    @Override
    public BigDecimal getBigDecimal(int column) throws SQLException {
        return real.getBigDecimal(column);
    }

    @Deprecated
    @Override
    public BigDecimal getBigDecimal(String column, int value) throws SQLException {
        return real.getBigDecimal(column, value);
    }

    @Deprecated
    @Override
    public BigDecimal getBigDecimal(int column, int value) throws SQLException {
        return real.getBigDecimal(column, value);
    }

    @Override
    public InputStream getBinaryStream(String column) throws SQLException {
        return real.getBinaryStream(column);
    }

    @Override
    public InputStream getBinaryStream(int column) throws SQLException {
        return real.getBinaryStream(column);
    }

    @Override
    public @Nullable Blob getBlob(String column) throws SQLException {
        return real.getBlob(column);
    }

    @Override
    public @Nullable Blob getBlob(int column) throws SQLException {
        return real.getBlob(column);
    }

    @Override
    public boolean getBoolean(String column) throws SQLException {
        return real.getBoolean(column);
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        return real.getBoolean(column);
    }

    @Override
    public byte getByte(String column) throws SQLException {
        return real.getByte(column);
    }

    @Override
    public byte getByte(int column) throws SQLException {
        return real.getByte(column);
    }

    @Override
    public byte[] getBytes(String column) throws SQLException {
        return real.getBytes(column);
    }

    @Override
    public byte[] getBytes(int column) throws SQLException {
        return real.getBytes(column);
    }

    @Override
    public Reader getCharacterStream(String column) throws SQLException {
        return real.getCharacterStream(column);
    }

    @Override
    public Reader getCharacterStream(int column) throws SQLException {
        return real.getCharacterStream(column);
    }

    @Override
    public @Nullable Clob getClob(String column) throws SQLException {
        return real.getClob(column);
    }

    @Override
    public @Nullable Clob getClob(int column) throws SQLException {
        return real.getClob(column);
    }

    @Override
    public int getConcurrency() throws SQLException {
        return real.getConcurrency();
    }

    @Override
    public String getCursorName() throws SQLException {
        return real.getCursorName();
    }

    @Override
    public Date getDate(String column) throws SQLException {
        return real.getDate(column);
    }

    @Override
    public Date getDate(int column) throws SQLException {
        return real.getDate(column);
    }

    @Override
    public Date getDate(String column, Calendar calendar) throws SQLException {
        return real.getDate(column, calendar);
    }

    @Override
    public Date getDate(int column, Calendar calendar) throws SQLException {
        return real.getDate(column, calendar);
    }

    @Override
    public double getDouble(String column) throws SQLException {
        return real.getDouble(column);
    }

    @Override
    public double getDouble(int column) throws SQLException {
        return real.getDouble(column);
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return real.getFetchDirection();
    }

    @Override
    public int getFetchSize() throws SQLException {
        return real.getFetchSize();
    }

    @Override
    public float getFloat(String column) throws SQLException {
        return real.getFloat(column);
    }

    @Override
    public float getFloat(int column) throws SQLException {
        return real.getFloat(column);
    }

    @Override
    public int getHoldability() throws SQLException {
        return real.getHoldability();
    }

    @Override
    public int getInt(String column) throws SQLException {
        return real.getInt(column);
    }

    @Override
    public int getInt(int column) throws SQLException {
        return real.getInt(column);
    }

    @Override
    public long getLong(String column) throws SQLException {
        return real.getLong(column);
    }

    @Override
    public long getLong(int column) throws SQLException {
        return real.getLong(column);
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return real.getMetaData();
    }

    @Override
    public Reader getNCharacterStream(String column) throws SQLException {
        return real.getNCharacterStream(column);
    }

    @Override
    public Reader getNCharacterStream(int column) throws SQLException {
        return real.getNCharacterStream(column);
    }

    @Override
    public NClob getNClob(String column) throws SQLException {
        return real.getNClob(column);
    }

    @Override
    public NClob getNClob(int column) throws SQLException {
        return real.getNClob(column);
    }

    @Override
    public String getNString(String column) throws SQLException {
        return real.getNString(column);
    }

    @Override
    public String getNString(int column) throws SQLException {
        return real.getNString(column);
    }

    @Override
    public Object getObject(String column) throws SQLException {
        return real.getObject(column);
    }

    @Override
    public Object getObject(int column) throws SQLException {
        return real.getObject(column);
    }

    @Override
    public <T> @Nullable T getObject(String column, Class<T> type) throws SQLException {
        return real.getObject(column, type);
    }

    @Override
    public Object getObject(String column, Map<String, Class<?>> map) throws SQLException {
        return real.getObject(column, map);
    }

    @Override
    public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
        return real.getObject(column, type);
    }

    @Override
    public Object getObject(int column, Map<String, Class<?>> map) throws SQLException {
        return real.getObject(column, map);
    }

    @Override
    public Ref getRef(String column) throws SQLException {
        return real.getRef(column);
    }

    @Override
    public Ref getRef(int column) throws SQLException {
        return real.getRef(column);
    }

    @Override
    public int getRow() throws SQLException {
        return real.getRow();
    }

    @Override
    public RowId getRowId(String column) throws SQLException {
        return real.getRowId(column);
    }

    @Override
    public RowId getRowId(int column) throws SQLException {
        return real.getRowId(column);
    }

    @Override
    public SQLXML getSQLXML(String column) throws SQLException {
        return real.getSQLXML(column);
    }

    @Override
    public SQLXML getSQLXML(int column) throws SQLException {
        return real.getSQLXML(column);
    }

    @Override
    public short getShort(String column) throws SQLException {
        return real.getShort(column);
    }

    @Override
    public short getShort(int column) throws SQLException {
        return real.getShort(column);
    }

    @Override
    public String getString(String column) throws SQLException {
        return real.getString(column);
    }

    @Override
    public String getString(int column) throws SQLException {
        return real.getString(column);
    }

    @Override
    public Time getTime(String column) throws SQLException {
        return real.getTime(column);
    }

    @Override
    public Time getTime(int column) throws SQLException {
        return real.getTime(column);
    }

    @Override
    public Time getTime(String column, Calendar calendar) throws SQLException {
        return real.getTime(column, calendar);
    }

    @Override
    public Time getTime(int column, Calendar calendar) throws SQLException {
        return real.getTime(column, calendar);
    }

    @Override
    public Timestamp getTimestamp(String column) throws SQLException {
        return real.getTimestamp(column);
    }

    @Override
    public Timestamp getTimestamp(int column) throws SQLException {
        return real.getTimestamp(column);
    }

    @Override
    public Timestamp getTimestamp(String column, Calendar calendar) throws SQLException {
        return real.getTimestamp(column, calendar);
    }

    @Override
    public Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
        return real.getTimestamp(column, calendar);
    }

    @Override
    public int getType() throws SQLException {
        return real.getType();
    }

    @Override
    public URL getURL(String column) throws SQLException {
        return real.getURL(column);
    }

    @Override
    public URL getURL(int column) throws SQLException {
        return real.getURL(column);
    }

    @Deprecated
    @Override
    public InputStream getUnicodeStream(String column) throws SQLException {
        return real.getUnicodeStream(column);
    }

    @Deprecated
    @Override
    public InputStream getUnicodeStream(int column) throws SQLException {
        return real.getUnicodeStream(column);
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return real.getWarnings();
    }

    @Override
    public void insertRow() throws SQLException {
        real.insertRow();
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        return real.isAfterLast();
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        return real.isBeforeFirst();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return real.isClosed();
    }

    @Override
    public boolean isFirst() throws SQLException {
        return real.isFirst();
    }

    @Override
    public boolean isLast() throws SQLException {
        return real.isLast();
    }

    @Override
    public boolean last() throws SQLException {
        return real.last();
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        real.moveToCurrentRow();
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        real.moveToInsertRow();
    }

    @Override
    public boolean next() throws SQLException {
        return real.next();
    }

    @Override
    public boolean previous() throws SQLException {
        return real.previous();
    }

    @Override
    public void refreshRow() throws SQLException {
        real.refreshRow();
    }

    @Override
    public boolean relative(int value) throws SQLException {
        return real.relative(value);
    }

    @Override
    public boolean rowDeleted() throws SQLException {
        return real.rowDeleted();
    }

    @Override
    public boolean rowInserted() throws SQLException {
        return real.rowInserted();
    }

    @Override
    public boolean rowUpdated() throws SQLException {
        return real.rowUpdated();
    }

    @Override
    public void setFetchDirection(int value) throws SQLException {
        real.setFetchDirection(value);
    }

    @Override
    public void setFetchSize(int value) throws SQLException {
        real.setFetchSize(value);
    }

    @Override
    public void updateArray(String column, Array value) throws SQLException {
        real.updateArray(column, value);
    }

    @Override
    public void updateArray(int column, Array value) throws SQLException {
        real.updateArray(column, value);
    }

    @Override
    public void updateAsciiStream(String column, InputStream stream) throws SQLException {
        real.updateAsciiStream(column, stream);
    }

    @Override
    public void updateAsciiStream(int column, InputStream stream) throws SQLException {
        real.updateAsciiStream(column, stream);
    }

    @Override
    public void updateAsciiStream(String column, InputStream stream, int length) throws SQLException {
        real.updateAsciiStream(column, stream, length);
    }

    @Override
    public void updateAsciiStream(String column, InputStream stream, long length) throws SQLException {
        real.updateAsciiStream(column, stream, length);
    }

    @Override
    public void updateAsciiStream(int column, InputStream stream, int length) throws SQLException {
        real.updateAsciiStream(column, stream, length);
    }

    @Override
    public void updateAsciiStream(int column, InputStream stream, long length) throws SQLException {
        real.updateAsciiStream(column, stream, length);
    }

    @Override
    public void updateBigDecimal(String column, BigDecimal value) throws SQLException {
        real.updateBigDecimal(column, value);
    }

    @Override
    public void updateBigDecimal(int column, BigDecimal value) throws SQLException {
        real.updateBigDecimal(column, value);
    }

    @Override
    public void updateBinaryStream(String column, InputStream stream) throws SQLException {
        real.updateBinaryStream(column, stream);
    }

    @Override
    public void updateBinaryStream(int column, InputStream stream) throws SQLException {
        real.updateBinaryStream(column, stream);
    }

    @Override
    public void updateBinaryStream(String column, InputStream stream, int length) throws SQLException {
        real.updateBinaryStream(column, stream, length);
    }

    @Override
    public void updateBinaryStream(String column, InputStream stream, long length) throws SQLException {
        real.updateBinaryStream(column, stream, length);
    }

    @Override
    public void updateBinaryStream(int column, InputStream stream, int length) throws SQLException {
        real.updateBinaryStream(column, stream, length);
    }

    @Override
    public void updateBinaryStream(int column, InputStream stream, long length) throws SQLException {
        real.updateBinaryStream(column, stream, length);
    }

    @Override
    public void updateBlob(String column, InputStream stream) throws SQLException {
        real.updateBlob(column, stream);
    }

    @Override
    public void updateBlob(String column, Blob value) throws SQLException {
        real.updateBlob(column, value);
    }

    @Override
    public void updateBlob(int column, InputStream stream) throws SQLException {
        real.updateBlob(column, stream);
    }

    @Override
    public void updateBlob(int column, Blob value) throws SQLException {
        real.updateBlob(column, value);
    }

    @Override
    public void updateBlob(String column, InputStream stream, long length) throws SQLException {
        real.updateBlob(column, stream, length);
    }

    @Override
    public void updateBlob(int column, InputStream stream, long length) throws SQLException {
        real.updateBlob(column, stream, length);
    }

    @Override
    public void updateBoolean(String column, boolean value) throws SQLException {
        real.updateBoolean(column, value);
    }

    @Override
    public void updateBoolean(int column, boolean value) throws SQLException {
        real.updateBoolean(column, value);
    }

    @Override
    public void updateByte(String column, byte value) throws SQLException {
        real.updateByte(column, value);
    }

    @Override
    public void updateByte(int column, byte value) throws SQLException {
        real.updateByte(column, value);
    }

    @Override
    public void updateBytes(String column, byte[] value) throws SQLException {
        real.updateBytes(column, value);
    }

    @Override
    public void updateBytes(int column, byte[] value) throws SQLException {
        real.updateBytes(column, value);
    }

    @Override
    public void updateCharacterStream(String column, Reader stream) throws SQLException {
        real.updateCharacterStream(column, stream);
    }

    @Override
    public void updateCharacterStream(int column, Reader stream) throws SQLException {
        real.updateCharacterStream(column, stream);
    }

    @Override
    public void updateCharacterStream(String column, Reader stream, int length) throws SQLException {
        real.updateCharacterStream(column, stream, length);
    }

    @Override
    public void updateCharacterStream(String column, Reader stream, long length) throws SQLException {
        real.updateCharacterStream(column, stream, length);
    }

    @Override
    public void updateCharacterStream(int column, Reader stream, int length) throws SQLException {
        real.updateCharacterStream(column, stream, length);
    }

    @Override
    public void updateCharacterStream(int column, Reader stream, long length) throws SQLException {
        real.updateCharacterStream(column, stream, length);
    }

    @Override
    public void updateClob(String column, Reader stream) throws SQLException {
        real.updateClob(column, stream);
    }

    @Override
    public void updateClob(String column, Clob value) throws SQLException {
        real.updateClob(column, value);
    }

    @Override
    public void updateClob(int column, Reader stream) throws SQLException {
        real.updateClob(column, stream);
    }

    @Override
    public void updateClob(int column, Clob value) throws SQLException {
        real.updateClob(column, value);
    }

    @Override
    public void updateClob(String column, Reader stream, long length) throws SQLException {
        real.updateClob(column, stream, length);
    }

    @Override
    public void updateClob(int column, Reader stream, long length) throws SQLException {
        real.updateClob(column, stream, length);
    }

    @Override
    public void updateDate(String column, Date value) throws SQLException {
        real.updateDate(column, value);
    }

    @Override
    public void updateDate(int column, Date value) throws SQLException {
        real.updateDate(column, value);
    }

    @Override
    public void updateDouble(String column, double value) throws SQLException {
        real.updateDouble(column, value);
    }

    @Override
    public void updateDouble(int column, double value) throws SQLException {
        real.updateDouble(column, value);
    }

    @Override
    public void updateFloat(String column, float value) throws SQLException {
        real.updateFloat(column, value);
    }

    @Override
    public void updateFloat(int column, float value) throws SQLException {
        real.updateFloat(column, value);
    }

    @Override
    public void updateInt(String column, int value) throws SQLException {
        real.updateInt(column, value);
    }

    @Override
    public void updateInt(int column, int value) throws SQLException {
        real.updateInt(column, value);
    }

    @Override
    public void updateLong(String column, long value) throws SQLException {
        real.updateLong(column, value);
    }

    @Override
    public void updateLong(int column, long value) throws SQLException {
        real.updateLong(column, value);
    }

    @Override
    public void updateNCharacterStream(String column, Reader stream) throws SQLException {
        real.updateNCharacterStream(column, stream);
    }

    @Override
    public void updateNCharacterStream(int column, Reader stream) throws SQLException {
        real.updateNCharacterStream(column, stream);
    }

    @Override
    public void updateNCharacterStream(String column, Reader stream, long length) throws SQLException {
        real.updateNCharacterStream(column, stream, length);
    }

    @Override
    public void updateNCharacterStream(int column, Reader stream, long length) throws SQLException {
        real.updateNCharacterStream(column, stream, length);
    }

    @Override
    public void updateNClob(String column, Reader stream) throws SQLException {
        real.updateNClob(column, stream);
    }

    @Override
    public void updateNClob(String column, NClob value) throws SQLException {
        real.updateNClob(column, value);
    }

    @Override
    public void updateNClob(int column, Reader stream) throws SQLException {
        real.updateNClob(column, stream);
    }

    @Override
    public void updateNClob(int column, NClob value) throws SQLException {
        real.updateNClob(column, value);
    }

    @Override
    public void updateNClob(String column, Reader stream, long length) throws SQLException {
        real.updateNClob(column, stream, length);
    }

    @Override
    public void updateNClob(int column, Reader stream, long length) throws SQLException {
        real.updateNClob(column, stream, length);
    }

    @Override
    public void updateNString(String column, String text) throws SQLException {
        real.updateNString(column, text);
    }

    @Override
    public void updateNString(int column, String text) throws SQLException {
        real.updateNString(column, text);
    }

    @Override
    public void updateNull(String column) throws SQLException {
        real.updateNull(column);
    }

    @Override
    public void updateNull(int column) throws SQLException {
        real.updateNull(column);
    }

    @Override
    public void updateObject(String column, Object value) throws SQLException {
        real.updateObject(column, value);
    }

    @Override
    public void updateObject(int column, Object value) throws SQLException {
        real.updateObject(column, value);
    }

    @Override
    public void updateObject(String column, Object value, int targetType) throws SQLException {
        real.updateObject(column, value, targetType);
    }

    @Override
    public void updateObject(String column, Object value, SQLType type) throws SQLException {
        real.updateObject(column, value, type);
    }

    @Override
    public void updateObject(int column, Object value, int targetType) throws SQLException {
        real.updateObject(column, value, targetType);
    }

    @Override
    public void updateObject(int column, Object value, SQLType type) throws SQLException {
        real.updateObject(column, value, type);
    }

    @Override
    public void updateObject(String column, Object value, SQLType type, int scale) throws SQLException {
        real.updateObject(column, value, type, scale);
    }

    @Override
    public void updateObject(int column, Object value, SQLType type, int scale) throws SQLException {
        real.updateObject(column, value, type, scale);
    }

    @Override
    public void updateRef(String column, Ref value) throws SQLException {
        real.updateRef(column, value);
    }

    @Override
    public void updateRef(int column, Ref value) throws SQLException {
        real.updateRef(column, value);
    }

    @Override
    public void updateRow() throws SQLException {
        real.updateRow();
    }

    @Override
    public void updateRowId(String column, RowId value) throws SQLException {
        real.updateRowId(column, value);
    }

    @Override
    public void updateRowId(int column, RowId value) throws SQLException {
        real.updateRowId(column, value);
    }

    @Override
    public void updateSQLXML(String column, SQLXML value) throws SQLException {
        real.updateSQLXML(column, value);
    }

    @Override
    public void updateSQLXML(int column, SQLXML value) throws SQLException {
        real.updateSQLXML(column, value);
    }

    @Override
    public void updateShort(String column, short value) throws SQLException {
        real.updateShort(column, value);
    }

    @Override
    public void updateShort(int column, short value) throws SQLException {
        real.updateShort(column, value);
    }

    @Override
    public void updateString(String column, String text) throws SQLException {
        real.updateString(column, text);
    }

    @Override
    public void updateString(int column, String text) throws SQLException {
        real.updateString(column, text);
    }

    @Override
    public void updateTime(String column, Time value) throws SQLException {
        real.updateTime(column, value);
    }

    @Override
    public void updateTime(int column, Time value) throws SQLException {
        real.updateTime(column, value);
    }

    @Override
    public void updateTimestamp(String column, Timestamp value) throws SQLException {
        real.updateTimestamp(column, value);
    }

    @Override
    public void updateTimestamp(int column, Timestamp value) throws SQLException {
        real.updateTimestamp(column, value);
    }

    @Override
    public boolean wasNull() throws SQLException {
        return real.wasNull();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || real.isWrapperFor(type);
    }
}
