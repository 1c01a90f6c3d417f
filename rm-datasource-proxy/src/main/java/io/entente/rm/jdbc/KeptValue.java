package io.entente.rm.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Converts a generated key from the driver's class to the one the application asks for. */
final class KeptValue {

    private KeptValue() {}

    /** @throws SQLException there is no conversion */
    static <T> @Nullable T to(Class<T> type, @Nullable Object value) throws SQLException {
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        Object converted;
        try {
            converted = convert(type, value);
        } catch (IllegalArgumentException e) {
            throw failure(type, value, e);
        }
        if (converted == null) {
            throw failure(type, value, null);
        }
        return type.cast(converted);
    }

    private static @Nullable Object convert(Class<?> type, Object value) throws SQLException {
        if (type == String.class) {
            return value.toString();
        }
        if (type == UUID.class) {
            return UUID.fromString(value.toString());
        }
        if (type == Boolean.class) {
            return value instanceof Number number ? number.longValue() != 0 : bool(value.toString());
        }
        if (value instanceof Timestamp timestamp) {
            return ofTimestamp(type, timestamp);
        }
        return Number.class.isAssignableFrom(type) ? number(type, value) : null;
    }

    private static boolean bool(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return lower.equals("true") || lower.equals("t") || lower.equals("1") || lower.equals("y");
    }

    private static @Nullable Object ofTimestamp(Class<?> type, Timestamp value) {
        if (type == java.time.LocalDateTime.class) {
            return value.toLocalDateTime();
        }
        if (type == java.time.LocalDate.class) {
            return value.toLocalDateTime().toLocalDate();
        }
        if (type == Date.class) {
            return Date.valueOf(value.toLocalDateTime().toLocalDate());
        }
        return type == Time.class ? Time.valueOf(value.toLocalDateTime().toLocalTime()) : null;
    }

    private static @Nullable Object number(Class<?> type, Object value) throws SQLException {
        BigDecimal exact = new BigDecimal(value.toString().strip());
        if (type == BigDecimal.class) {
            return exact;
        }
        if (type == Long.class) {
            return whole(exact, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        if (type == Integer.class) {
            return (int) whole(exact, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        if (type == Short.class) {
            return (short) whole(exact, Short.MIN_VALUE, Short.MAX_VALUE);
        }
        if (type == Byte.class) {
            return (byte) whole(exact, Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
        if (type == BigInteger.class) {
            return exact.toBigInteger();
        }
        if (type == Double.class) {
            return exact.doubleValue();
        }
        return type == Float.class ? exact.floatValue() : null;
    }

    /** @throws SQLException the number does not fit */
    static long whole(BigDecimal value, long min, long max) throws SQLException {
        BigInteger whole = value.toBigInteger();
        if (whole.compareTo(BigInteger.valueOf(min)) < 0 || whole.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new SQLException(
                    "The generated key " + value + " is not between " + min + " and " + max + ".", "22003");
        }
        return whole.longValueExact();
    }

    private static SQLException failure(Class<?> type, Object value, @Nullable Exception cause) {
        return new SQLException(
                "The generated key " + value + " (" + value.getClass().getName() + ") cannot be read as "
                        + type.getName() + ".",
                "22018",
                cause);
    }
}
