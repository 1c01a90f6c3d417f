package io.entente.rm.undo.seata;

import io.entente.rm.dialect.Bytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A field's value as Seata's Jackson wrote it.
 *
 * <p>Texts, booleans, ints and doubles stand as they are, anything else is an array of its class and its content. Only the
 * classes named here are known; none is ever loaded by its name.
 */
final class Written {

    /** Far more than any database has; writing a number like 1E999999999 out would take all memory. */
    private static final int LARGEST_SCALE = 20_000;

    /** Seata fails to write the content of a blob that has none, and goes on. */
    private static final List<Json> EMPTY_BLOB = List.of(new Json.Text("javax.sql.rowset.serial.SerialBlob"));

    private static final int NANOS_PER_MILLI = 1_000_000;

    private Written() {}

    /** The server's own text of a value of a type that the driver of PostgreSQL has no class for. */
    record Printed(String text) {}

    /**
     * The value: null, Boolean, BigInteger, BigDecimal, Float, Double, String, Bytes, Timestamp, Date, LocalDateTime, UUID or
     * {@link Printed}.
     *
     * @throws SeataRowException it is of another class, or not of its class's form
     */
    static @Nullable Object value(Json json) throws SeataRowException {
        try {
            if (json instanceof Json.Null) {
                return null;
            } else if (json instanceof Json.Text text) {
                return text.value();
            } else if (json instanceof Json.Bool bool) {
                return bool.value();
            } else if (json instanceof Json.Number number) {
                return number.whole() ? new BigInteger(number.text()) : (Object) Double.valueOf(number.text());
            } else if (json instanceof Json.Items typed
                    && typed.values().size() == 2
                    && typed.values().get(0) instanceof Json.Text type) {
                return typed(type.value(), typed.values().get(1));
            } else if (json instanceof Json.Items typed && typed.values().equals(EMPTY_BLOB)) {
                return new Bytes(new byte[0]);
            } else if (json instanceof Json.Members bean) {
                return bean(bean);
            }
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new SeataRowException("the value " + excerpt(json) + " is damaged: " + e.getMessage(), e);
        }
        throw new SeataRowException("the value " + excerpt(json) + " is of no form that is known");
    }

    private static Object typed(String type, Json content) throws SeataRowException {
        return switch (type) {
            case "java.lang.Integer", "java.lang.Long", "java.lang.Short", "java.lang.Byte", "java.math.BigInteger" ->
                new BigInteger(number(content));
            case "java.math.BigDecimal" -> decimal(number(content));
            // NaN and the infinities are texts.
            case "java.lang.Float" -> Float.valueOf(content instanceof Json.Text text ? text.value() : number(content));
            case "java.lang.Double" ->
                Double.valueOf(content instanceof Json.Text text ? text.value() : number(content));
            case "java.lang.String", "javax.sql.rowset.serial.SerialClob" -> text(content);
            case "[B", "javax.sql.rowset.serial.SerialBlob" ->
                new Bytes(Base64.getDecoder().decode(text(content)));
            case "java.util.UUID" -> uuid(text(content));
            case "java.sql.Timestamp" -> timestamp(content);
            case "java.sql.Date" ->
                content instanceof Json.Text text
                        ? Date.valueOf(text.value())
                        : new Date(Long.parseLong(number(content)));
            case "java.time.LocalDateTime" -> local(content);
            case "java.sql.Time" ->
                throw new SeataRowException("the time of day " + text(content)
                        + " may have had a fraction or a sign, which Seata does not write");
            default -> throw new SeataRowException("this release does not read values of " + type);
        };
    }

    private static BigDecimal decimal(String text) {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) > LARGEST_SCALE) {
            throw new IllegalArgumentException("its scale is " + number.scale());
        }
        return number;
    }

    private static UUID uuid(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("it is no UUID");
        }
        return uuid;
    }

    private static Timestamp timestamp(Json content) {
        Timestamp timestamp = new Timestamp(millis(content));
        int nanos = nanos(content);
        if (nanos >= 0) {
            if (nanos / NANOS_PER_MILLI != timestamp.getNanos() / NANOS_PER_MILLI) {
                throw new IllegalArgumentException("its two parts contradict each other");
            }
            timestamp.setNanos(nanos);
        }
        return timestamp;
    }

    private static LocalDateTime local(Json content) {
        Instant instant = Instant.ofEpochMilli(millis(content));
        int nanos = nanos(content);
        if (nanos >= 0) {
            if (nanos / NANOS_PER_MILLI != instant.getNano() / NANOS_PER_MILLI) {
                throw new IllegalArgumentException("its two parts contradict each other");
            }
            instant = instant.plusNanos(nanos % NANOS_PER_MILLI);
        }
        // Seata writes it as an instant in the zone of its JVM.
        return LocalDateTime.ofInstant(instant, ZoneId.systemDefault());
    }

    /** Milliseconds alone, or with the nanoseconds of the second in an array. */
    private static long millis(Json content) {
        return Long.parseLong(content instanceof Json.Items parts ? number(parts, 0) : number(content));
    }

    /** Negative: there are none but those of the milliseconds. */
    private static int nanos(Json content) {
        if (!(content instanceof Json.Items parts) || parts.values().size() == 1) {
            return -1;
        }
        if (parts.values().size() > 2) {
            throw new IllegalArgumentException("it has " + parts.values().size() + " parts");
        }
        int nanos = Integer.parseInt(number(parts, 1));
        if (nanos < 0) {
            throw new IllegalArgumentException("its nanoseconds are negative");
        }
        return nanos;
    }

    private static String number(Json.Items parts, int place) {
        List<Json> values = parts.values();
        if (values.size() <= place) {
            throw new IllegalArgumentException("it has " + values.size() + " parts");
        }
        return number(values.get(place));
    }

    private static String number(Json content) {
        if (content instanceof Json.Number number) {
            return number.text();
        }
        throw new IllegalArgumentException("a number is expected");
    }

    private static String text(Json content) {
        if (content instanceof Json.Text text) {
            return text.value();
        }
        throw new IllegalArgumentException("a text is expected");
    }

    private static Object bean(Json.Members bean) throws SeataRowException {
        String type = bean.values().get(Bean.TYPE) instanceof Json.Text text ? text.value() : "no class";
        if (type.equals("org.postgresql.util.PGobject") && bean.values().get("value") instanceof Json.Text text) {
            return new Printed(text.value());
        }
        throw new SeataRowException("this release does not read values of " + type);
    }

    private static String excerpt(Json json) {
        String text = String.valueOf(json);
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
