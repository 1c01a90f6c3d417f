package io.entente.rm.undo.seata;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.table.Column;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as the database prints them.
 *
 * <p>A driver made objects of them with the zones of the JVM, of the session and of its own settings. So the same driver is
 * asked to make the text again, in a session as the application has it: what Seata's client would write back, printed
 * by the server.
 */
final class PrintedTimes {

    private final Connection connection;
    private final Dialect dialect;
    private final Map<Value, String> known = new HashMap<>();

    private record Value(Column column, Object value) {}

    PrintedTimes(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /**
     * The column's text; null where such a value does not belong to such a column.
     *
     * @param value Timestamp, LocalDateTime or Date
     * @throws SeataRowException a clock that was set forward or back makes it ambiguous
     */
    @Nullable
    String print(Column column, Object value) throws SQLException {
        String query = dialect.printingQuery(column);
        if (query.isEmpty() || (value instanceof Date) != (column.jdbcType() == Types.DATE)) {
            return null;
        }
        String text = known.get(new Value(column, value));
        if (text == null) {
            requireUnshifted(column, value);
            text = ask(query, value);
            known.put(new Value(column, value), text);
        }
        return text;
    }

    /** The answer to a query with the value as its only parameter. */
    String ask(String sql, Object value) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            if (value instanceof Timestamp timestamp) {
                query.setTimestamp(1, timestamp);
            } else if (value instanceof Date date) {
                query.setDate(1, date);
            } else if (value instanceof String text) {
                query.setString(1, text);
            } else {
                query.setString(
                        1,
                        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS")
                                .format((LocalDateTime) value));
            }
            try (ResultSet row = query.executeQuery()) {
                String text = row.next() ? row.getString(1) : null;
                if (text == null) {
                    throw new SeataRowException("the time " + value
                            + " is ambiguous: in the session's time zone clocks were set back or forward then");
                }
                return text;
            }
        } catch (SQLException e) {
            if (!(e instanceof SeataRowException)
                    && String.valueOf(e.getSQLState()).startsWith("22")) {
                throw new SeataRowException("the database does not take the time " + value + ": " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** A local time that does not exist in the JVM's zone was moved forward by the driver, or by Seata. */
    private static void requireUnshifted(Column column, Object value) throws SeataRowException {
        // Read with its offset, so that no local time was ever guessed.
        if (value instanceof Date || column.jdbcType() == Types.TIMESTAMP_WITH_TIMEZONE) {
            return;
        }
        ZoneId zone = ZoneId.systemDefault();
        Instant instant = value instanceof LocalDateTime local
                ? local.atZone(zone).toInstant()
                : Instant.ofEpochMilli(((Timestamp) value).getTime());
        ZoneOffsetTransition last = zone.getRules().previousTransition(instant.plusMillis(1));
        if (last != null
                && last.isGap()
                && Duration.between(last.getInstant(), instant).compareTo(last.getDuration()) < 0) {
            throw new SeataRowException("the time " + value + " may have been one of those that clocks skipped at "
                    + last.getDateTimeBefore() + " in " + zone);
        }
    }
}
