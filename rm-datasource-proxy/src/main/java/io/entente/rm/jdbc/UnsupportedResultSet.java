package io.entente.rm.jdbc;

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
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** Supports nothing of what result sets offer beyond reading values row by row; the rest is in {@link KeptResultSet}. */
abstract class UnsupportedResultSet implements ResultSet {

    private static SQLException unsupported(String method) {
        return new SQLFeatureNotSupportedException(
                "Generated keys are read row by row: ResultSet." + method + " is not supported.");
    }

    @Override
    public boolean absolute(int value) throws SQLException {
        throw unsupported("absolute");
    }

    @Override
    public void afterLast() throws SQLException {
        throw unsupported("afterLast");
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        throw unsupported("cancelRowUpdates");
    }

    @Override
    public void deleteRow() throws SQLException {
        throw unsupported("deleteRow");
    }

    @Override
    public boolean first() throws SQLException {
        throw unsupported("first");
    }

    @Override
    public Array getArray(String column) throws SQLException {
        throw unsupported("getArray");
    }

    @Override
    public Array getArray(int column) throws SQLException {
        throw unsupported("getArray");
    }

    @Override
    public InputStream getAsciiStream(String column) throws SQLException {
        throw unsupported("getAsciiStream");
    }

    @Override
    public InputStream getAsciiStream(int column) throws SQLException {
        throw unsupported("getAsciiStream");
    }

    @Override
    public InputStream getBinaryStream(String column) throws SQLException {
        throw unsupported("getBinaryStream");
    }

    @Override
    public InputStream getBinaryStream(int column) throws SQLException {
        throw unsupported("getBinaryStream");
    }

    @Override
    public Blob getBlob(String column) throws SQLException {
        throw unsupported("getBlob");
    }

    @Override
    public Blob getBlob(int column) throws SQLException {
        throw unsupported("getBlob");
    }

    @Override
    public Reader getCharacterStream(String column) throws SQLException {
        throw unsupported("getCharacterStream");
    }

    @Override
    public Reader getCharacterStream(int column) throws SQLException {
        throw unsupported("getCharacterStream");
    }

    @Override
    public Clob getClob(String column) throws SQLException {
        throw unsupported("getClob");
    }

    @Override
    public Clob getClob(int column) throws SQLException {
        throw unsupported("getClob");
    }

    @Override
    public String getCursorName() throws SQLException {
        throw unsupported("getCursorName");
    }

    @Override
    public Reader getNCharacterStream(String column) throws SQLException {
        throw unsupported("getNCharacterStream");
    }

    @Override
    public Reader getNCharacterStream(int column) throws SQLException {
        throw unsupported("getNCharacterStream");
    }

    @Override
    public NClob getNClob(String column) throws SQLException {
        throw unsupported("getNClob");
    }

    @Override
    public NClob getNClob(int column) throws SQLException {
        throw unsupported("getNClob");
    }

    @Override
    public String getNString(String column) throws SQLException {
        throw unsupported("getNString");
    }

    @Override
    public String getNString(int column) throws SQLException {
        throw unsupported("getNString");
    }

    @Override
    public Ref getRef(String column) throws SQLException {
        throw unsupported("getRef");
    }

    @Override
    public Ref getRef(int column) throws SQLException {
        throw unsupported("getRef");
    }

    @Override
    public RowId getRowId(String column) throws SQLException {
        throw unsupported("getRowId");
    }

    @Override
    public RowId getRowId(int column) throws SQLException {
        throw unsupported("getRowId");
    }

    @Override
    public SQLXML getSQLXML(String column) throws SQLException {
        throw unsupported("getSQLXML");
    }

    @Override
    public SQLXML getSQLXML(int column) throws SQLException {
        throw unsupported("getSQLXML");
    }

    @Override
    public URL getURL(String column) throws SQLException {
        throw unsupported("getURL");
    }

    @Override
    public URL getURL(int column) throws SQLException {
        throw unsupported("getURL");
    }

    @Deprecated
    @Override
    public InputStream getUnicodeStream(String column) throws SQLException {
        throw unsupported("getUnicodeStream");
    }

    @Deprecated
    @Override
    public InputStream getUnicodeStream(int column) throws SQLException {
        throw unsupported("getUnicodeStream");
    }

    @Override
    public void insertRow() throws SQLException {
        throw unsupported("insertRow");
    }

    @Override
    public boolean last() throws SQLException {
        throw unsupported("last");
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        throw unsupported("moveToCurrentRow");
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        throw unsupported("moveToInsertRow");
    }

    @Override
    public boolean previous() throws SQLException {
        throw unsupported("previous");
    }

    @Override
    public void refreshRow() throws SQLException {
        throw unsupported("refreshRow");
    }

    @Override
    public boolean relative(int value) throws SQLException {
        throw unsupported("relative");
    }

    @Override
    public void updateArray(String column, Array value) throws SQLException {
        throw unsupported("updateArray");
    }

    @Override
    public void updateArray(int column, Array value) throws SQLException {
        throw unsupported("updateArray");
    }

    @Override
    public void updateAsciiStream(String column, InputStream stream) throws SQLException {
        throw unsupported("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(int column, InputStream stream) throws SQLException {
        throw unsupported("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(String column, InputStream stream, int length) throws SQLException {
        throw unsupported("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(String column, InputStream stream, long length) throws SQLException {
        throw unsupported("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(int column, InputStream stream, int length) throws SQLException {
        throw unsupported("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(int column, InputStream stream, long length) throws SQLException {
        throw unsupported("updateAsciiStream");
    }

    @Override
    public void updateBigDecimal(String column, BigDecimal value) throws SQLException {
        throw unsupported("updateBigDecimal");
    }

    @Override
    public void updateBigDecimal(int column, BigDecimal value) throws SQLException {
        throw unsupported("updateBigDecimal");
    }

    @Override
    public void updateBinaryStream(String column, InputStream stream) throws SQLException {
        throw unsupported("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(int column, InputStream stream) throws SQLException {
        throw unsupported("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(String column, InputStream stream, int length) throws SQLException {
        throw unsupported("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(String column, InputStream stream, long length) throws SQLException {
        throw unsupported("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(int column, InputStream stream, int length) throws SQLException {
        throw unsupported("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(int column, InputStream stream, long length) throws SQLException {
        throw unsupported("updateBinaryStream");
    }

    @Override
    public void updateBlob(String column, InputStream stream) throws SQLException {
        throw unsupported("updateBlob");
    }

    @Override
    public void updateBlob(String column, Blob value) throws SQLException {
        throw unsupported("updateBlob");
    }

    @Override
    public void updateBlob(int column, InputStream stream) throws SQLException {
        throw unsupported("updateBlob");
    }

    @Override
    public void updateBlob(int column, Blob value) throws SQLException {
        throw unsupported("updateBlob");
    }

    @Override
    public void updateBlob(String column, InputStream stream, long length) throws SQLException {
        throw unsupported("updateBlob");
    }

    @Override
    public void updateBlob(int column, InputStream stream, long length) throws SQLException {
        throw unsupported("updateBlob");
    }

    @Override
    public void updateBoolean(String column, boolean value) throws SQLException {
        throw unsupported("updateBoolean");
    }

    @Override
    public void updateBoolean(int column, boolean value) throws SQLException {
        throw unsupported("updateBoolean");
    }

    @Override
    public void updateByte(String column, byte value) throws SQLException {
        throw unsupported("updateByte");
    }

    @Override
    public void updateByte(int column, byte value) throws SQLException {
        throw unsupported("updateByte");
    }

    @Override
    public void updateBytes(String column, byte[] value) throws SQLException {
        throw unsupported("updateBytes");
    }

    @Override
    public void updateBytes(int column, byte[] value) throws SQLException {
        throw unsupported("updateBytes");
    }

    @Override
    public void updateCharacterStream(String column, Reader stream) throws SQLException {
        throw unsupported("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(int column, Reader stream) throws SQLException {
        throw unsupported("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(String column, Reader stream, int length) throws SQLException {
        throw unsupported("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(String column, Reader stream, long length) throws SQLException {
        throw unsupported("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(int column, Reader stream, int length) throws SQLException {
        throw unsupported("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(int column, Reader stream, long length) throws SQLException {
        throw unsupported("updateCharacterStream");
    }

    @Override
    public void updateClob(String column, Reader stream) throws SQLException {
        throw unsupported("updateClob");
    }

    @Override
    public void updateClob(String column, Clob value) throws SQLException {
        throw unsupported("updateClob");
    }

    @Override
    public void updateClob(int column, Reader stream) throws SQLException {
        throw unsupported("updateClob");
    }

    @Override
    public void updateClob(int column, Clob value) throws SQLException {
        throw unsupported("updateClob");
    }

    @Override
    public void updateClob(String column, Reader stream, long length) throws SQLException {
        throw unsupported("updateClob");
    }

    @Override
    public void updateClob(int column, Reader stream, long length) throws SQLException {
        throw unsupported("updateClob");
    }

    @Override
    public void updateDate(String column, Date value) throws SQLException {
        throw unsupported("updateDate");
    }

    @Override
    public void updateDate(int column, Date value) throws SQLException {
        throw unsupported("updateDate");
    }

    @Override
    public void updateDouble(String column, double value) throws SQLException {
        throw unsupported("updateDouble");
    }

    @Override
    public void updateDouble(int column, double value) throws SQLException {
        throw unsupported("updateDouble");
    }

    @Override
    public void updateFloat(String column, float value) throws SQLException {
        throw unsupported("updateFloat");
    }

    @Override
    public void updateFloat(int column, float value) throws SQLException {
        throw unsupported("updateFloat");
    }

    @Override
    public void updateInt(String column, int value) throws SQLException {
        throw unsupported("updateInt");
    }

    @Override
    public void updateInt(int column, int value) throws SQLException {
        throw unsupported("updateInt");
    }

    @Override
    public void updateLong(String column, long value) throws SQLException {
        throw unsupported("updateLong");
    }

    @Override
    public void updateLong(int column, long value) throws SQLException {
        throw unsupported("updateLong");
    }

    @Override
    public void updateNCharacterStream(String column, Reader stream) throws SQLException {
        throw unsupported("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(int column, Reader stream) throws SQLException {
        throw unsupported("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(String column, Reader stream, long length) throws SQLException {
        throw unsupported("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(int column, Reader stream, long length) throws SQLException {
        throw unsupported("updateNCharacterStream");
    }

    @Override
    public void updateNClob(String column, Reader stream) throws SQLException {
        throw unsupported("updateNClob");
    }

    @Override
    public void updateNClob(String column, NClob value) throws SQLException {
        throw unsupported("updateNClob");
    }

    @Override
    public void updateNClob(int column, Reader stream) throws SQLException {
        throw unsupported("updateNClob");
    }

    @Override
    public void updateNClob(int column, NClob value) throws SQLException {
        throw unsupported("updateNClob");
    }

    @Override
    public void updateNClob(String column, Reader stream, long length) throws SQLException {
        throw unsupported("updateNClob");
    }

    @Override
    public void updateNClob(int column, Reader stream, long length) throws SQLException {
        throw unsupported("updateNClob");
    }

    @Override
    public void updateNString(String column, String text) throws SQLException {
        throw unsupported("updateNString");
    }

    @Override
    public void updateNString(int column, String text) throws SQLException {
        throw unsupported("updateNString");
    }

    @Override
    public void updateNull(String column) throws SQLException {
        throw unsupported("updateNull");
    }

    @Override
    public void updateNull(int column) throws SQLException {
        throw unsupported("updateNull");
    }

    @Override
    public void updateObject(String column, Object value) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateObject(int column, Object value) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateObject(String column, Object value, int targetType) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateObject(String column, Object value, SQLType type) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateObject(int column, Object value, int targetType) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateObject(int column, Object value, SQLType type) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateObject(String column, Object value, SQLType type, int scale) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateObject(int column, Object value, SQLType type, int scale) throws SQLException {
        throw unsupported("updateObject");
    }

    @Override
    public void updateRef(String column, Ref value) throws SQLException {
        throw unsupported("updateRef");
    }

    @Override
    public void updateRef(int column, Ref value) throws SQLException {
        throw unsupported("updateRef");
    }

    @Override
    public void updateRow() throws SQLException {
        throw unsupported("updateRow");
    }

    @Override
    public void updateRowId(String column, RowId value) throws SQLException {
        throw unsupported("updateRowId");
    }

    @Override
    public void updateRowId(int column, RowId value) throws SQLException {
        throw unsupported("updateRowId");
    }

    @Override
    public void updateSQLXML(String column, SQLXML value) throws SQLException {
        throw unsupported("updateSQLXML");
    }

    @Override
    public void updateSQLXML(int column, SQLXML value) throws SQLException {
        throw unsupported("updateSQLXML");
    }

    @Override
    public void updateShort(String column, short value) throws SQLException {
        throw unsupported("updateShort");
    }

    @Override
    public void updateShort(int column, short value) throws SQLException {
        throw unsupported("updateShort");
    }

    @Override
    public void updateString(String column, String text) throws SQLException {
        throw unsupported("updateString");
    }

    @Override
    public void updateString(int column, String text) throws SQLException {
        throw unsupported("updateString");
    }

    @Override
    public void updateTime(String column, Time value) throws SQLException {
        throw unsupported("updateTime");
    }

    @Override
    public void updateTime(int column, Time value) throws SQLException {
        throw unsupported("updateTime");
    }

    @Override
    public void updateTimestamp(String column, Timestamp value) throws SQLException {
        throw unsupported("updateTimestamp");
    }

    @Override
    public void updateTimestamp(int column, Timestamp value) throws SQLException {
        throw unsupported("updateTimestamp");
    }
}
