package io.entente.rm.jdbc;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives generated keys that were read before to the application, as often as it asks for them. */
final class KeptResultSet extends UnsupportedResultSet {

    private final Statement statement;
    private final KeptKeys keys;
    private int row = -1;
    private boolean closed;
    private boolean lastWasNull;

    KeptResultSet(Statement statement, KeptKeys keys) {
        this.statement = statement;
        this.keys = keys;
    }

    private @Nullable Object value(int column) throws SQLException {
        requireOpen();
        if (row < 0 || row >= keys.rows().size()) {
            throw new SQLException("The cursor is not on a row. Call next() and read while it returns true.", "24000");
        }
        if (column < 1 || column > keys.columns().size()) {
            throw new SQLException(
                    "Column " + column + " does not exist, there are "
                            + keys.columns().size() + ".",
                    "42S22");
        }
        Object value = keys.rows().get(row).get(column - 1);
        lastWasNull = value == null;
        return value;
    }

    private void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLException("The result set is closed.", "24000");
        }
    }

    @Override
    public int findColumn(String column) throws SQLException {
        requireOpen();
        int position = keys.position(column);
        if (position >= 0) {
            return position + 1;
        }
        if (keys.columns().size() == 1) {
            // Drivers of MySQL call the only column as they like, and let it be read by any name.
            return 1;
        }
        throw new SQLException("There is no column " + column + " among the generated keys.", "42S22");
    }

    @Override
    public boolean next() throws SQLException {
        requireOpen();
        if (row < keys.rows().size()) {
            row++;
        }
        return row < keys.rows().size();
    }

    @Override
    public void beforeFirst() throws SQLException {
        requireOpen();
        row = -1;
    }

    @Override
    public boolean isBeforeFirst() {
        return row < 0 && !keys.rows().isEmpty();
    }

    @Override
    public boolean isAfterLast() {
        return row >= keys.rows().size() && !keys.rows().isEmpty();
    }

    @Override
    public boolean isFirst() {
        return row == 0 && !keys.rows().isEmpty();
    }

    @Override
    public boolean isLast() {
        return row >= 0 && row == keys.rows().size() - 1;
    }

    @Override
    public int getRow() {
        return row >= 0 && row < keys.rows().size() ? row + 1 : 0;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean wasNull() {
        return lastWasNull;
    }

    @Override
    public @Nullable Object getObject(int column) throws SQLException {
        return value(column);
    }

    @Override
    public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
        return KeptValue.to(type, value(column));
    }

    @Override
    public @Nullable Object getObject(int column, Map<String, Class<?>> map) throws SQLException {
        return value(column);
    }

    @Override
    public @Nullable String getString(int column) throws SQLException {
        return KeptValue.to(String.class, value(column));
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        Boolean value = KeptValue.to(Boolean.class, value(column));
        return value != null && value;
    }

    private BigDecimal number(int column) throws SQLException {
        BigDecimal value = KeptValue.to(BigDecimal.class, value(column));
        return value == null ? BigDecimal.ZERO : value;
    }

    @Override
    public byte getByte(int column) throws SQLException {
        return (byte) KeptValue.whole(number(column), Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    @Override
    public short getShort(int column) throws SQLException {
        return (short) KeptValue.whole(number(column), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    @Override
    public int getInt(int column) throws SQLException {
        return (int) KeptValue.whole(number(column), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public long getLong(int column) throws SQLException {
        return KeptValue.whole(number(column), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Override
    public float getFloat(int column) throws SQLException {
        return number(column).floatValue();
    }

    @Override
    public double getDouble(int column) throws SQLException {
        return number(column).doubleValue();
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
        return KeptValue.to(BigDecimal.class, value(column));
    }

    @Deprecated
    @Override
    public @Nullable BigDecimal getBigDecimal(int column, int scale) throws SQLException {
        BigDecimal value = getBigDecimal(column);
        return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
    }

    @Override
    public byte @Nullable [] getBytes(int column) throws SQLException {
        return KeptValue.to(byte[].class, value(column));
    }

    @Override
    public @Nullable Date getDate(int column) throws SQLException {
        return KeptValue.to(Date.class, value(column));
    }

    @Override
    public @Nullable Date getDate(int column, Calendar calendar) throws SQLException {
        return getDate(column);
    }

    @Override
    public @Nullable Time getTime(int column) throws SQLException {
        return KeptValue.to(Time.class, value(column));
    }

    @Override
    public @Nullable Time getTime(int column, Calendar calendar) throws SQLException {
        return getTime(column);
    }

    @Override
    public @Nullable Timestamp getTimestamp(int column) throws SQLException {
        return KeptValue.to(Timestamp.class, value(column));
    }

    @Override
    public @Nullable Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
        return getTimestamp(column);
    }

    // ---------------------------------------------------------------- by name

    @Override
    public @Nullable Object getObject(String column) throws SQLException {
        return getObject(findColumn(column));
    }

    @Override
    public <T> @Nullable T getObject(String column, Class<T> type) throws SQLException {
        return getObject(findColumn(column), type);
    }

    @Override
    public @Nullable Object getObject(String column, Map<String, Class<?>> map) throws SQLException {
        return getObject(findColumn(column), map);
    }

    @Override
    public @Nullable String getString(String column) throws SQLException {
        return getString(findColumn(column));
    }

    @Override
    public boolean getBoolean(String column) throws SQLException {
        return getBoolean(findColumn(column));
    }

    @Override
    public byte getByte(String column) throws SQLException {
        return getByte(findColumn(column));
    }

    @Override
    public short getShort(String column) throws SQLException {
        return getShort(findColumn(column));
    }

    @Override
    public int getInt(String column) throws SQLException {
        return getInt(findColumn(column));
    }

    @Override
    public long getLong(String column) throws SQLException {
        return getLong(findColumn(column));
    }

    @Override
    public float getFloat(String column) throws SQLException {
        return getFloat(findColumn(column));
    }

    @Override
    public double getDouble(String column) throws SQLException {
        return getDouble(findColumn(column));
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(String column) throws SQLException {
        return getBigDecimal(findColumn(column));
    }

    @Deprecated
    @Override
    public @Nullable BigDecimal getBigDecimal(String column, int scale) throws SQLException {
        return getBigDecimal(findColumn(column), scale);
    }

    @Override
    public byte @Nullable [] getBytes(String column) throws SQLException {
        return getBytes(findColumn(column));
    }

    @Override
    public @Nullable Date getDate(String column) throws SQLException {
        return getDate(findColumn(column));
    }

    @Override
    public @Nullable Date getDate(String column, Calendar calendar) throws SQLException {
        return getDate(findColumn(column));
    }

    @Override
    public @Nullable Time getTime(String column) throws SQLException {
        return getTime(findColumn(column));
    }

    @Override
    public @Nullable Time getTime(String column, Calendar calendar) throws SQLException {
        return getTime(findColumn(column));
    }

    @Override
    public @Nullable Timestamp getTimestamp(String column) throws SQLException {
        return getTimestamp(findColumn(column));
    }

    @Override
    public @Nullable Timestamp getTimestamp(String column, Calendar calendar) throws SQLException {
        return getTimestamp(findColumn(column));
    }

    // ---------------------------------------------------------------- about the result set

    @Override
    public ResultSetMetaData getMetaData() {
        return new KeptMetaData(keys.columns());
    }

    @Override
    public Statement getStatement() {
        return statement;
    }

    @Override
    public int getType() {
        return ResultSet.TYPE_FORWARD_ONLY;
    }

    @Override
    public int getConcurrency() {
        return ResultSet.CONCUR_READ_ONLY;
    }

    @Override
    public int getHoldability() {
        return ResultSet.HOLD_CURSORS_OVER_COMMIT;
    }

    @Override
    public int getFetchSize() {
        return 0;
    }

    @Override
    public void setFetchSize(int rows) {}

    @Override
    public int getFetchDirection() {
        return ResultSet.FETCH_FORWARD;
    }

    @Override
    public void setFetchDirection(int direction) {}

    @Override
    public @Nullable SQLWarning getWarnings() {
        return null;
    }

    @Override
    public void clearWarnings() {}

    @Override
    public boolean rowUpdated() {
        return false;
    }

    @Override
    public boolean rowInserted() {
        return false;
    }

    @Override
    public boolean rowDeleted() {
        return false;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("These generated keys wrap no " + type.getName() + ".");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
