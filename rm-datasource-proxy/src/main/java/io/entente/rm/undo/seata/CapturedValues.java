package io.entente.rm.undo.seata;

import io.entente.rm.dialect.Bytes;
import io.entente.rm.dialect.ColumnAccess;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.table.Column;
import io.entente.rm.table.TableName;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a driver gave to Seata into what we would have captured of the same column: with certainty, or not at all.
 */
final class CapturedValues {

    private final Dialect dialect;
    private final PrintedTimes times;
    private final MisreadValues misread;

    CapturedValues(Connection connection, Dialect dialect) {
        this.dialect = dialect;
        this.times = new PrintedTimes(connection, dialect);
        this.misread = new MisreadValues(connection, dialect);
    }

    /**
     * The value as an image of ours has it.
     *
     * @throws SeataRowException what Seata wrote does not tell it for certain
     */
    @Nullable
    Object of(TableName table, Column column, Json json) throws SQLException {
        Object written = Written.value(json);
        boolean asItIs = written instanceof BigInteger || Boolean.FALSE.equals(written);
        if (!asItIs && misread.inUse(table, column)) {
            throw new SeataRowException("the value " + written + " may be another one: the table holds values of type "
                    + column.typeName() + " that its driver takes for it (numbers as booleans, incomplete dates)");
        }
        if (written == null) {
            return null;
        }
        ColumnAccess access = dialect.access(column);
        try {
            Object value = switch (access.kind()) {
                case BOOLEAN -> bool(written);
                case INTEGER -> integer(column, written);
                case DECIMAL -> decimal(column, written);
                case FLOAT -> single(column, access, written);
                case DOUBLE -> written instanceof Double ? written : printed(ValueKind.DOUBLE, written);
                case TEXT -> text(column, written);
                case BYTES -> written instanceof Bytes ? written : null;
            };
            if (value != null) {
                return value;
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new SeataRowException(
                    "the value " + written + " does not fit into its column of type " + column.typeName(), e);
        }
        throw new SeataRowException("a column of type " + column.typeName() + " cannot be told for certain from "
                + (written instanceof Written.Printed
                        ? "a PGobject"
                        : "a " + written.getClass().getName()));
    }

    private static @Nullable Object bool(Object written) {
        return written instanceof Written.Printed printed
                ? (Object) printed.text().equals("t")
                : written instanceof Boolean ? written : null;
    }

    private static @Nullable Object integer(Column column, Object written) {
        if (written instanceof BigInteger number) {
            return number.longValueExact();
        }
        // TINYINT(1) is what the server makes of BOOLEAN, and what both drivers make a boolean of.
        if (written instanceof Boolean bool && column.typeName().equals("tinyint")) {
            return bool ? 1L : 0L;
        }
        return printed(ValueKind.INTEGER, written);
    }

    private static @Nullable Object decimal(Column column, Object written) {
        if (column.typeName().equals("bit")) {
            if (written instanceof Boolean bool) {
                return bool ? BigDecimal.ONE : BigDecimal.ZERO;
            }
            return written instanceof Bytes bytes ? new BigDecimal(new BigInteger(1, bytes.toArray())) : null;
        }
        if (written instanceof BigInteger number) {
            return new BigDecimal(number);
        }
        return written instanceof BigDecimal ? written : null;
    }

    private static @Nullable Object single(Column column, ColumnAccess access, Object written)
            throws SeataRowException {
        if (!access.plain()) {
            throw new SeataRowException("the server prints a column of type " + column.typeName()
                    + " with six digits only, so that the value " + written + " may have lost some");
        }
        return written instanceof Float ? written : printed(ValueKind.FLOAT, written);
    }

    /** The value of a domain, which the driver of PostgreSQL gives as its text. */
    private static @Nullable Object printed(ValueKind kind, Object written) {
        return written instanceof Written.Printed printed ? kind.parse(printed.text()) : null;
    }

    private @Nullable Object text(Column column, Object written) throws SQLException {
        if (written instanceof Timestamp || written instanceof LocalDateTime || written instanceof Date) {
            return times.print(column, written);
        }
        if (written instanceof Written.Printed printed && column.typeName().equals("inet")) {
            // The server has two texts for an address without a mask.
            return times.ask("SELECT ?::inet::text", printed.text());
        }
        String type = column.typeName().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "numeric" -> number(written);
            case "decfloat" -> written instanceof BigDecimal ? written.toString() : null;
            case "oid", "year" -> written instanceof BigInteger ? written.toString() : null;
            case "bit" -> written instanceof Boolean bool ? (bool ? "1" : "0") : printedText(written);
            case "uuid" ->
                written instanceof UUID
                        ? written.toString()
                        : written instanceof String ? written : printedText(written);
            // H2's driver gives its bytes.
            case "json" ->
                written instanceof Bytes bytes
                        ? new String(bytes.toArray(), StandardCharsets.UTF_8)
                        : written instanceof String ? written : printedText(written);
            default -> isText(column, type) ? (written instanceof String ? written : printedText(written)) : null;
        };
    }

    /** PostgreSQL's numeric, whose NaN and infinities the driver gives as doubles. */
    private static @Nullable String number(Object written) {
        if (written instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (written instanceof Double number && (number.isNaN() || number.isInfinite())) {
            return number.toString();
        }
        return printedText(written);
    }

    private static @Nullable String printedText(Object written) {
        return written instanceof Written.Printed printed ? printed.text() : null;
    }

    /** Whether a text that the driver gives for the column is the one that the server prints. */
    private static boolean isText(Column column, String type) {
        return switch (column.jdbcType()) {
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB -> true;
            // Enums, network addresses, ranges and the like. Money and intervals are printed as the session wants.
            case Types.OTHER -> !type.equals("money") && !type.startsWith("interval");
            default -> false;
        };
    }
}
