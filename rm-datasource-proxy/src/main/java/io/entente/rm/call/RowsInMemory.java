package io.entente.rm.call;

import io.entente.rm.forwarding.ForwardingResultSet;
import io.entente.rm.forwarding.ForwardingResultSetMetaData;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result that cannot be gone through twice, taken in to its end: so they can, and a failure that the server
 * tells behind its rows is known before anybody believes them.
 *
 * <p>What the driver has for a value is kept. Streams and large objects are not offered.
 */
@NullUnmarked // A getter's null is SQL's NULL, which the signatures of JDBC do not say.
public final class RowsInMemory extends ForwardingResultSet {

    private final ResultSetMetaData metaData;
    private final List<Object[]> rows;
    private int at = -1;
    private boolean wasNull;
    private boolean closed;

    private RowsInMemory(ResultSet real, ResultSetMetaData metaData, List<Object[]> rows) {
        super(real);
        this.metaData = metaData;
        this.rows = rows;
    }

    /** All rows of the result. */
    public static RowsInMemory of(ResultSet real) throws SQLException {
        ResultSetMetaData sent = real.getMetaData();
        int width = sent.getColumnCount();
        ResultSetMetaData kept = new Columns(sent, width);
        List<Object[]> rows = new ArrayList<>();
        while (real.next()) {
            Object[] row = new Object[width];
            for (int i = 0; i < width; i++) {
                row[i] = real.getObject(i + 1);
            }
            rows.add(row);
        }
        return new RowsInMemory(real, kept, rows);
    }

    /**
     * The rows that an executed change returns.
     *
     * @return null when it returns none
     * @throws SQLException the change failed, even when it had returned rows before
     */
    public static @Nullable RowsInMemory of(Statement executed) throws SQLException {
        ResultSet first = executed.getResultSet();
        if (first == null) {
            return null;
        }
        RowsInMemory rows = of(first);
        while (executed.getMoreResults() || executed.getUpdateCount() >= 0) {
            // What follows is a count, or the failure.
        }
        return rows;
    }

    /** What a driver may forget with its result. */
    private static final class Columns extends ForwardingResultSetMetaData {

        private final List<String> names = new ArrayList<>();
        private final List<String> labels = new ArrayList<>();
        private final List<Integer> types = new ArrayList<>();
        private final List<String> typeNames = new ArrayList<>();

        Columns(ResultSetMetaData sent, int width) throws SQLException {
            super(sent);
            for (int i = 1; i <= width; i++) {
                names.add(sent.getColumnName(i));
                labels.add(sent.getColumnLabel(i));
                types.add(sent.getColumnType(i));
                typeNames.add(sent.getColumnTypeName(i));
            }
        }

        @Override
        public int getColumnCount() {
            return names.size();
        }

        @Override
        public String getColumnName(int column) {
            return names.get(column - 1);
        }

        @Override
        public String getColumnLabel(int column) {
            return labels.get(column - 1);
        }

        @Override
        public int getColumnType(int column) {
            return types.get(column - 1);
        }

        @Override
        public String getColumnTypeName(int column) {
            return typeNames.get(column - 1);
        }
    }

    // ---------------------------------------------------------------- where it stands

    @Override
    public boolean next() {
        at = Math.min(at + 1, rows.size());
        return at < rows.size();
    }

    @Override
    public boolean previous() {
        at = Math.max(at - 1, -1);
        return at >= 0;
    }

    @Override
    public void beforeFirst() {
        at = -1;
    }

    @Override
    public void afterLast() {
        at = rows.size();
    }

    @Override
    public boolean first() {
        return absolute(1);
    }

    @Override
    public boolean last() {
        return absolute(rows.size());
    }

    @Override
    public boolean absolute(int row) {
        int from = row < 0 ? rows.size() + row : row - 1;
        at = Math.max(-1, Math.min(from, rows.size()));
        return at >= 0 && at < rows.size();
    }

    @Override
    public boolean relative(int count) {
        return absolute(Math.max(0, at + 1 + count));
    }

    @Override
    public int getRow() {
        return at < rows.size() ? at + 1 : 0;
    }

    @Override
    public boolean isBeforeFirst() {
        return at < 0 && !rows.isEmpty();
    }

    @Override
    public boolean isAfterLast() {
        return at >= rows.size() && !rows.isEmpty();
    }

    @Override
    public boolean isFirst() {
        return at == 0;
    }

    @Override
    public boolean isLast() {
        return !rows.isEmpty() && at == rows.size() - 1;
    }

    @Override
    public int getType() {
        return ResultSet.TYPE_SCROLL_INSENSITIVE;
    }

    @Override
    public ResultSetMetaData getMetaData() {
        return metaData;
    }

    @Override
    public int findColumn(String label) throws SQLException {
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            if (metaData.getColumnLabel(i).equalsIgnoreCase(label)) {
                return i;
            }
        }
        throw new SQLException("The result has no column " + label + ".", "42703");
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        return real.getStatement();
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        real.close();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    // ---------------------------------------------------------------- values

    private Object value(int column) throws SQLException {
        if (closed || at < 0 || at >= rows.size()) {
            throw new SQLException("The result is closed, or stands on no row.", "24000");
        }
        if (column < 1 || column > metaData.getColumnCount()) {
            throw new SQLException("The result has no column " + column + ".", "42703");
        }
        Object value = rows.get(at)[column - 1];
        wasNull = value == null;
        return value;
    }

    @Override
    public boolean wasNull() {
        return wasNull;
    }

    @Override
    public Object getObject(int column) throws SQLException {
        return value(column);
    }

    @Override
    public <T> T getObject(int column, Class<T> type) throws SQLException {
        Object value = value(column);
        Object converted = value == null || type.isInstance(value) ? value : converted(value, type);
        return converted == null ? null : type.cast(converted);
    }

    private static Object converted(Object value, Class<?> type) throws SQLException {
        if (type == String.class) {
            return value.toString();
        } else if (value instanceof Number || value instanceof String) {
            BigDecimal number = number(value);
            if (type == Long.class) {
                return number.longValueExact();
            } else if (type == Integer.class) {
                return number.intValueExact();
            } else if (type == Short.class) {
                return number.shortValueExact();
            } else if (type == BigDecimal.class) {
                return number;
            } else if (type == java.math.BigInteger.class) {
                return number.toBigIntegerExact();
            } else if (type == Double.class) {
                return number.doubleValue();
            }
        } else if (value instanceof Timestamp time && type == LocalDateTime.class) {
            return time.toLocalDateTime();
        } else if (value instanceof Date date && type == LocalDate.class) {
            return date.toLocalDate();
        } else if (value instanceof Time time && type == LocalTime.class) {
            return time.toLocalTime();
        }
        throw new SQLFeatureNotSupportedException(
                "A returned value of " + value.getClass().getName() + " cannot be read as " + type.getName()
                        + ". Remedy: read it with getObject(column).");
    }

    private static BigDecimal number(Object value) throws SQLException {
        if (value instanceof Boolean bit) {
            return bit ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        try {
            return value instanceof BigDecimal decimal
                    ? decimal
                    : new BigDecimal(value.toString().strip());
        } catch (NumberFormatException e) {
            throw new SQLException("The value is not a number: " + value, "22018", e);
        }
    }

    private BigDecimal number(int column) throws SQLException {
        Object value = value(column);
        return value == null ? BigDecimal.ZERO : number(value);
    }

    @Override
    public String getString(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : value.toString();
    }

    @Override
    public String getNString(int column) throws SQLException {
        return getString(column);
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        return number(column).signum() != 0;
    }

    @Override
    public byte getByte(int column) throws SQLException {
        return number(column).byteValueExact();
    }

    @Override
    public short getShort(int column) throws SQLException {
        return number(column).shortValueExact();
    }

    @Override
    public int getInt(int column) throws SQLException {
        return number(column).intValue();
    }

    @Override
    public long getLong(int column) throws SQLException {
        return number(column).longValue();
    }

    @Override
    public float getFloat(int column) throws SQLException {
        Object value = value(column);
        return value instanceof Float number
                ? number
                : value == null ? 0 : number(value).floatValue();
    }

    @Override
    public double getDouble(int column) throws SQLException {
        Object value = value(column);
        return value instanceof Double number
                ? number
                : value == null ? 0 : number(value).doubleValue();
    }

    @Override
    public BigDecimal getBigDecimal(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : number(value);
    }

    @Override
    public byte[] getBytes(int column) throws SQLException {
        return getObject(column, byte[].class);
    }

    @Override
    public Date getDate(int column) throws SQLException {
        Object value = value(column);
        return value instanceof Timestamp time
                ? Date.valueOf(time.toLocalDateTime().toLocalDate())
                : (Date) value;
    }

    @Override
    public Time getTime(int column) throws SQLException {
        return getObject(column, Time.class);
    }

    @Override
    public Timestamp getTimestamp(int column) throws SQLException {
        return getObject(column, Timestamp.class);
    }

    @Override
    public Object getObject(String label) throws SQLException {
        return getObject(findColumn(label));
    }

    @Override
    public <T> T getObject(String label, Class<T> type) throws SQLException {
        return getObject(findColumn(label), type);
    }

    @Override
    public String getString(String label) throws SQLException {
        return getString(findColumn(label));
    }

    @Override
    public String getNString(String label) throws SQLException {
        return getString(findColumn(label));
    }

    @Override
    public boolean getBoolean(String label) throws SQLException {
        return getBoolean(findColumn(label));
    }

    @Override
    public byte getByte(String label) throws SQLException {
        return getByte(findColumn(label));
    }

    @Override
    public short getShort(String label) throws SQLException {
        return getShort(findColumn(label));
    }

    @Override
    public int getInt(String label) throws SQLException {
        return getInt(findColumn(label));
    }

    @Override
    public long getLong(String label) throws SQLException {
        return getLong(findColumn(label));
    }

    @Override
    public float getFloat(String label) throws SQLException {
        return getFloat(findColumn(label));
    }

    @Override
    public double getDouble(String label) throws SQLException {
        return getDouble(findColumn(label));
    }

    @Override
    public BigDecimal getBigDecimal(String label) throws SQLException {
        return getBigDecimal(findColumn(label));
    }

    @Override
    public byte[] getBytes(String label) throws SQLException {
        return getBytes(findColumn(label));
    }

    @Override
    public Date getDate(String label) throws SQLException {
        return getDate(findColumn(label));
    }

    @Override
    public Time getTime(String label) throws SQLException {
        return getTime(findColumn(label));
    }

    @Override
    public Timestamp getTimestamp(String label) throws SQLException {
        return getTimestamp(findColumn(label));
    }
}
