package io.entente.tc.log.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The row that says who leads a group. */
final class Lease {

    private final JdbcLogSettings settings;

    Lease(JdbcLogSettings settings) {
        this.settings = settings;
    }

    /**
     * Who leads, as the database says.
     *
     * @param term 0 before the first leader
     * @param leader where it is reached; null when nobody holds the lead
     */
    record Holder(long term, @Nullable String leader) {}

    Holder read(LogConnection connection) throws SQLException {
        Holder[] found = {new Holder(0, null)};
        connection.query(
                row -> found[0] = new Holder(row.getLong(1), row.getBoolean(3) ? row.getString(2) : null),
                "SELECT term, leader, lead_until > " + connection.sql().now()
                        + " FROM entente_log_lead WHERE log_group = ?",
                settings.group());
        return found[0];
    }

    /**
     * Takes the lead if nobody has it. From then on, no leader of an earlier term can store anything.
     *
     * @return the new term, 0 when somebody else has the lead
     */
    long take(LogConnection connection, String leader) throws SQLException {
        LogSql sql = connection.sql();
        long[] term = {0};
        connection.update(
                sql.insertIfAbsent(
                        "INSERT INTO entente_log_lead (log_group, term, leader, lead_until) VALUES (?, 0, '',"
                                + " '1970-01-02 00:00:00')"),
                settings.group());
        connection.inTransaction(() -> {
            int taken = connection.update(
                    "UPDATE entente_log_lead SET term = term + 1, leader = ?, lead_until = " + sql.later()
                            + " WHERE log_group = ? AND lead_until <= " + sql.now(),
                    leader,
                    settings.lease().toMillis(),
                    settings.group());
            if (taken == 1) {
                connection.query(
                        row -> term[0] = row.getLong(1),
                        "SELECT term FROM entente_log_lead WHERE log_group = ?",
                        settings.group());
            }
        });
        return term[0];
    }

    /** Keeps the lead for another while; false when somebody else has it. */
    boolean renew(LogConnection connection, long term) throws SQLException {
        return connection.update(
                        "UPDATE entente_log_lead SET lead_until = "
                                + connection.sql().later() + " WHERE log_group = ? AND term = ?",
                        settings.lease().toMillis(),
                        settings.group(),
                        term)
                == 1;
    }

    /** Lets others take the lead at once, unless somebody has it already. */
    void release(LogConnection connection, long term) throws SQLException {
        connection.update(
                "UPDATE entente_log_lead SET lead_until = '1970-01-02 00:00:00' WHERE log_group = ? AND term = ?",
                settings.group(),
                term);
    }

    /** Whether this term is still the newest one. */
    boolean isHeld(LogConnection connection, long term) throws SQLException {
        return read(connection).term() == term;
    }
}
