package io.entente.rm.jdbc;

import io.entente.rm.call.Binding;
import io.entente.rm.call.Bindings;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
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
import org.jspecify.annotations.Nullable;

/** Hands every call to the real statement and remembers each parameter, for the queries that read row images. */
abstract class ForwardingBindingStatement extends ResultKeepingStatement<PreparedStatement>
        implements PreparedStatement {

    final Bindings bindings = new Bindings();

    ForwardingBindingStatement(EntenteConnection connection, PreparedStatement real) {
        super(connection, real);
    }

    /** Some drivers would execute a text given to a prepared statement, and nothing would capture it. */
    private void refuseText() throws SQLException {
        connection.requireNoGlobalTransaction("an SQL text given to a PreparedStatement", "use a Statement for it");
    }

    /** Outside a global transaction the driver gets the stream itself. */
    private static Binding.StreamBytes keep(@Nullable InputStream stream) throws SQLException {
        if (stream == null || Enlistment.current() == null) {
            return new Binding.StreamBytes(stream, null);
        }
        try {
            return new Binding.StreamBytes(stream, stream.readAllBytes());
        } catch (IOException e) {
            throw new SQLException("A stream parameter cannot be read: " + e.getMessage(), e);
        }
    }

    private static Binding.StreamCharacters keep(@Nullable Reader stream) throws SQLException {
        if (stream == null || Enlistment.current() == null) {
            return new Binding.StreamCharacters(stream, null);
        }
        StringWriter content = new StringWriter();
        try {
            stream.transferTo(content);
        } catch (IOException e) {
            throw new SQLException("A stream parameter cannot be read: " + e.getMessage(), e);
        }
        return new Binding.StreamCharacters(stream, content.toString());
    }

    /** The application may free it before the statement is executed. */
    private Array keep(Array value) throws SQLException {
        if (value == null || Enlistment.current() == null || !(value.getArray() instanceof Object[] elements)) {
            return value;
        }
        return connection.real().createArrayOf(value.getBaseTypeName(), Bindings.copy(elements));
    }

    private SQLXML keep(SQLXML value) throws SQLException {
        if (value == null || Enlistment.current() == null) {
            return value;
        }
        SQLXML kept = connection.real().createSQLXML();
        kept.setString(value.getString());
        return kept;
    }

    /** As it is now, for statements that are executed by another one. */
    private @Nullable Object keep(@Nullable Object value) throws SQLException {
        if (value instanceof Array array) {
            return keep(array);
        }
        if (value instanceof SQLXML xml) {
            return keep(xml);
        }
        return Enlistment.current() == null ? Bindings.copy(value) : Bindings.kept(value);
    }

    @Override
    public void addBatch() throws SQLException {
        real.addBatch();
    }

    @Override
    public void clearParameters() throws SQLException {
        real.clearParameters();
        bindings.clear();
    }

    @Override
    public boolean execute() throws SQLException {
        return real.execute();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return real.executeLargeUpdate();
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return wrap(real.executeQuery());
    }

    @Override
    public int executeUpdate() throws SQLException {
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
        Array kept = keep(value);
        bindings.bind(index, kept, (statement, at) -> statement.setArray(at, kept));
    }

    @Override
    public void setAsciiStream(int index, InputStream stream) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setAsciiStream(index, kept.open());
        bindings.bind(index, kept.binding((statement, at) -> statement.setAsciiStream(at, kept.open())));
    }

    @Override
    public void setAsciiStream(int index, InputStream stream, int length) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setAsciiStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setAsciiStream(at, kept.open(), length)));
    }

    @Override
    public void setAsciiStream(int index, InputStream stream, long length) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setAsciiStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setAsciiStream(at, kept.open(), length)));
    }

    @Override
    public void setBigDecimal(int index, BigDecimal value) throws SQLException {
        real.setBigDecimal(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setBigDecimal(at, value));
    }

    @Override
    public void setBinaryStream(int index, InputStream stream) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setBinaryStream(index, kept.open());
        bindings.bind(index, kept.binding((statement, at) -> statement.setBinaryStream(at, kept.open())));
    }

    @Override
    public void setBinaryStream(int index, InputStream stream, int length) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setBinaryStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setBinaryStream(at, kept.open(), length)));
    }

    @Override
    public void setBinaryStream(int index, InputStream stream, long length) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setBinaryStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setBinaryStream(at, kept.open(), length)));
    }

    @Override
    public void setBlob(int index, InputStream stream) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setBlob(index, kept.open());
        bindings.bind(index, kept.binding((statement, at) -> statement.setBlob(at, kept.open())));
    }

    @Override
    public void setBlob(int index, Blob value) throws SQLException {
        real.setBlob(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setBlob(at, value));
    }

    @Override
    public void setBlob(int index, InputStream stream, long length) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setBlob(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setBlob(at, kept.open(), length)));
    }

    @Override
    public void setBoolean(int index, boolean value) throws SQLException {
        real.setBoolean(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setBoolean(at, value));
    }

    @Override
    public void setByte(int index, byte value) throws SQLException {
        real.setByte(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setByte(at, value));
    }

    @Override
    public void setBytes(int index, byte[] value) throws SQLException {
        real.setBytes(index, value);
        byte[] kept = Bindings.copy(value);
        bindings.bind(index, kept, (statement, at) -> statement.setBytes(at, kept));
    }

    @Override
    public void setCharacterStream(int index, Reader stream) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setCharacterStream(index, kept.open());
        bindings.bind(index, kept.binding((statement, at) -> statement.setCharacterStream(at, kept.open())));
    }

    @Override
    public void setCharacterStream(int index, Reader stream, int length) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setCharacterStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setCharacterStream(at, kept.open(), length)));
    }

    @Override
    public void setCharacterStream(int index, Reader stream, long length) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setCharacterStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setCharacterStream(at, kept.open(), length)));
    }

    @Override
    public void setClob(int index, Reader stream) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setClob(index, kept.open());
        bindings.bind(index, kept.binding((statement, at) -> statement.setClob(at, kept.open())));
    }

    @Override
    public void setClob(int index, Clob value) throws SQLException {
        real.setClob(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setClob(at, value));
    }

    @Override
    public void setClob(int index, Reader stream, long length) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setClob(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setClob(at, kept.open(), length)));
    }

    @Override
    public void setDate(int index, Date value) throws SQLException {
        real.setDate(index, value);
        Date kept = Bindings.copy(value);
        bindings.bind(index, kept, (statement, at) -> statement.setDate(at, kept));
    }

    @Override
    public void setDate(int index, Date value, Calendar calendar) throws SQLException {
        real.setDate(index, value, calendar);
        Date kept = Bindings.copy(value);
        Calendar zone = Bindings.copy(calendar);
        bindings.bind(index, kept, (statement, at) -> statement.setDate(at, kept, zone));
    }

    @Override
    public void setDouble(int index, double value) throws SQLException {
        real.setDouble(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setDouble(at, value));
    }

    @Override
    public void setFloat(int index, float value) throws SQLException {
        real.setFloat(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setFloat(at, value));
    }

    @Override
    public void setInt(int index, int value) throws SQLException {
        real.setInt(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setInt(at, value));
    }

    @Override
    public void setLong(int index, long value) throws SQLException {
        real.setLong(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setLong(at, value));
    }

    @Override
    public void setNCharacterStream(int index, Reader stream) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setNCharacterStream(index, kept.open());
        bindings.bind(index, kept.binding((statement, at) -> statement.setNCharacterStream(at, kept.open())));
    }

    @Override
    public void setNCharacterStream(int index, Reader stream, long length) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setNCharacterStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setNCharacterStream(at, kept.open(), length)));
    }

    @Override
    public void setNClob(int index, Reader stream) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setNClob(index, kept.open());
        bindings.bind(index, kept.binding((statement, at) -> statement.setNClob(at, kept.open())));
    }

    @Override
    public void setNClob(int index, NClob value) throws SQLException {
        real.setNClob(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setNClob(at, value));
    }

    @Override
    public void setNClob(int index, Reader stream, long length) throws SQLException {
        Binding.StreamCharacters kept = keep(stream);
        real.setNClob(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setNClob(at, kept.open(), length)));
    }

    @Override
    public void setNString(int index, String text) throws SQLException {
        real.setNString(index, text);
        bindings.bind(index, text, (statement, at) -> statement.setNString(at, text));
    }

    @Override
    public void setNull(int index, int type) throws SQLException {
        real.setNull(index, type);
        bindings.bind(index, null, (statement, at) -> statement.setNull(at, type));
    }

    @Override
    public void setNull(int index, int type, String typeName) throws SQLException {
        real.setNull(index, type, typeName);
        bindings.bind(index, null, (statement, at) -> statement.setNull(at, type, typeName));
    }

    @Override
    public void setObject(int index, Object value) throws SQLException {
        real.setObject(index, value);
        Object kept = keep(value);
        bindings.bind(index, kept, (statement, at) -> statement.setObject(at, kept));
    }

    @Override
    public void setObject(int index, Object value, int targetType) throws SQLException {
        real.setObject(index, value, targetType);
        Object kept = keep(value);
        bindings.bind(index, Binding.converted(kept), (statement, at) -> statement.setObject(at, kept, targetType));
    }

    @Override
    public void setObject(int index, Object value, SQLType type) throws SQLException {
        real.setObject(index, value, type);
        Object kept = keep(value);
        bindings.bind(index, Binding.converted(kept), (statement, at) -> statement.setObject(at, kept, type));
    }

    @Override
    public void setObject(int index, Object value, int targetType, int scale) throws SQLException {
        real.setObject(index, value, targetType, scale);
        Object kept = keep(value);
        bindings.bind(
                index, Binding.converted(kept), (statement, at) -> statement.setObject(at, kept, targetType, scale));
    }

    @Override
    public void setObject(int index, Object value, SQLType type, int scale) throws SQLException {
        real.setObject(index, value, type, scale);
        Object kept = keep(value);
        bindings.bind(index, Binding.converted(kept), (statement, at) -> statement.setObject(at, kept, type, scale));
    }

    @Override
    public void setRef(int index, Ref value) throws SQLException {
        real.setRef(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setRef(at, value));
    }

    @Override
    public void setRowId(int index, RowId value) throws SQLException {
        real.setRowId(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setRowId(at, value));
    }

    @Override
    public void setSQLXML(int index, SQLXML value) throws SQLException {
        real.setSQLXML(index, value);
        SQLXML kept = keep(value);
        bindings.bind(index, kept, (statement, at) -> statement.setSQLXML(at, kept));
    }

    @Override
    public void setShort(int index, short value) throws SQLException {
        real.setShort(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setShort(at, value));
    }

    @Override
    public void setString(int index, String text) throws SQLException {
        real.setString(index, text);
        bindings.bind(index, text, (statement, at) -> statement.setString(at, text));
    }

    @Override
    public void setTime(int index, Time value) throws SQLException {
        real.setTime(index, value);
        Time kept = Bindings.copy(value);
        bindings.bind(index, kept, (statement, at) -> statement.setTime(at, kept));
    }

    @Override
    public void setTime(int index, Time value, Calendar calendar) throws SQLException {
        real.setTime(index, value, calendar);
        Time kept = Bindings.copy(value);
        Calendar zone = Bindings.copy(calendar);
        bindings.bind(index, kept, (statement, at) -> statement.setTime(at, kept, zone));
    }

    @Override
    public void setTimestamp(int index, Timestamp value) throws SQLException {
        real.setTimestamp(index, value);
        Timestamp kept = Bindings.copy(value);
        bindings.bind(index, kept, (statement, at) -> statement.setTimestamp(at, kept));
    }

    @Override
    public void setTimestamp(int index, Timestamp value, Calendar calendar) throws SQLException {
        real.setTimestamp(index, value, calendar);
        Timestamp kept = Bindings.copy(value);
        Calendar zone = Bindings.copy(calendar);
        bindings.bind(index, kept, (statement, at) -> statement.setTimestamp(at, kept, zone));
    }

    @Override
    public void setURL(int index, URL value) throws SQLException {
        real.setURL(index, value);
        bindings.bind(index, value, (statement, at) -> statement.setURL(at, value));
    }

    @Deprecated
    @Override
    public void setUnicodeStream(int index, InputStream stream, int length) throws SQLException {
        Binding.StreamBytes kept = keep(stream);
        real.setUnicodeStream(index, kept.open(), length);
        bindings.bind(index, kept.binding((statement, at) -> statement.setUnicodeStream(at, kept.open(), length)));
    }

    @Override
    public void addBatch(String sql) throws SQLException {
        refuseText();
        super.addBatch(sql);
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        refuseText();
        return super.execute(sql);
    }

    @Override
    public boolean execute(String sql, int[] columnIndexes) throws SQLException {
        refuseText();
        return super.execute(sql, columnIndexes);
    }

    @Override
    public boolean execute(String sql, String[] columnNames) throws SQLException {
        refuseText();
        return super.execute(sql, columnNames);
    }

    @Override
    public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
        refuseText();
        return super.execute(sql, autoGeneratedKeys);
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        refuseText();
        return super.executeLargeUpdate(sql);
    }

    @Override
    public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
        refuseText();
        return super.executeLargeUpdate(sql, columnIndexes);
    }

    @Override
    public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
        refuseText();
        return super.executeLargeUpdate(sql, columnNames);
    }

    @Override
    public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        refuseText();
        return super.executeLargeUpdate(sql, autoGeneratedKeys);
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        refuseText();
        return super.executeQuery(sql);
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        refuseText();
        return super.executeUpdate(sql);
    }

    @Override
    public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
        refuseText();
        return super.executeUpdate(sql, columnIndexes);
    }

    @Override
    public int executeUpdate(String sql, String[] columnNames) throws SQLException {
        refuseText();
        return super.executeUpdate(sql, columnNames);
    }

    @Override
    public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        refuseText();
        return super.executeUpdate(sql, autoGeneratedKeys);
    }
}
