package io.entente.rm.dialect;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The closed set of Java values a column can be captured as.
 *
 * <p>Dates, times, UUIDs, JSON, arrays, ranges, enums and the like are TEXT: the text the server itself prints and
 * parses. Only that is exact for all of a server's values (infinity, BC, 24:00, zero dates, times beyond a day, offsets),
 * whatever the driver's and the JVM's time zones are. A dialect makes the text independent of the session's settings
 * where the type depends on them.
 */
public enum ValueKind {
    BOOLEAN(Boolean.class),
    /** 64 bits, signed. */
    INTEGER(Long.class),
    /** Exact, with its scale. */
    DECIMAL(BigDecimal.class),
    /** 32 bits, compared bit by bit. */
    FLOAT(Float.class),
    /** 64 bits, compared bit by bit. */
    DOUBLE(Double.class),
    TEXT(String.class),
    BYTES(Bytes.class);

    /** What Oracle's driver calls BINARY_FLOAT; the standard has no number for it. */
    static final int ORACLE_BINARY_FLOAT = 100;

    /** What Oracle's driver calls BINARY_DOUBLE. */
    static final int ORACLE_BINARY_DOUBLE = 101;

    private final Class<?> javaType;

    ValueKind(Class<?> javaType) {
        this.javaType = javaType;
    }

    /** Whether sums of it are exact. */
    public boolean isExactNumber() {
        return this == INTEGER || this == DECIMAL;
    }

    /** The class of every non-null value of this kind. */
    public Class<?> javaType() {
        return javaType;
    }

    /**
     * Whether the getter of this kind reads a column of that type in full. A column altered since its metadata was
     * cached may have a type that the getter would round.
     *
     * @param jdbcType what the result says the column is, one of {@link Types}
     */
    public boolean reads(int jdbcType) {
        return switch (this) {
            case INTEGER ->
                jdbcType == Types.TINYINT
                        || jdbcType == Types.SMALLINT
                        || jdbcType == Types.INTEGER
                        || jdbcType == Types.BIGINT;
            case DECIMAL -> jdbcType == Types.DECIMAL || jdbcType == Types.NUMERIC || jdbcType == Types.BIGINT;
            case FLOAT -> jdbcType == Types.REAL || jdbcType == Types.FLOAT || jdbcType == ORACLE_BINARY_FLOAT;
            case DOUBLE ->
                jdbcType == Types.DOUBLE
                        || jdbcType == Types.FLOAT
                        || jdbcType == Types.REAL
                        || jdbcType == ORACLE_BINARY_FLOAT
                        || jdbcType == ORACLE_BINARY_DOUBLE;
            case BOOLEAN -> jdbcType == Types.BOOLEAN || jdbcType == Types.BIT;
            case TEXT, BYTES -> true;
        };
    }

    /** Reads the value at a 1-based position of the current row, large objects in full; null for SQL NULL. */
    public @Nullable Object read(ResultSet row, int position) throws SQLException {
        Object value = switch (this) {
            case BOOLEAN -> row.getBoolean(position);
            case INTEGER -> row.getLong(position);
            case DECIMAL -> decimal(row.getBigDecimal(position));
            case FLOAT -> row.getFloat(position);
            case DOUBLE -> row.getDouble(position);
            case TEXT -> row.getString(position);
            case BYTES -> bytes(row.getBytes(position));
        };
        return row.wasNull() ? null : value;
    }

    /** Reads the value from its text; bytes are hexadecimal. */
    public Object parse(String text) {
        return switch (this) {
            case BOOLEAN -> Boolean.valueOf(text);
            case INTEGER -> Long.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case FLOAT -> Float.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case TEXT -> text;
            case BYTES -> new Bytes(HexFormat.of().parseHex(text));
        };
    }

    /** A driver may tell 100 as 1E+2, which would be another text in a lock key. */
    private static @Nullable BigDecimal decimal(@Nullable BigDecimal number) {
        return number != null && number.scale() < 0 ? number.setScale(0) : number;
    }

    private static @Nullable Bytes bytes(byte @Nullable [] content) {
        return content == null ? null : new Bytes(content);
    }
}
