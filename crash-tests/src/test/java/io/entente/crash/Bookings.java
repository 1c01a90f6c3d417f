package io.entente.crash;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What a bank does for callers that hand it an idempotency key: each key counts once, and never after it was cancelled. */
record Bookings(DataSource dataSource) {

    private static final String DUPLICATE = "23";

    void book(String key, int amount) throws SQLException {
        if (!once(key, amount, 0) && isCancelled(key)) {
            throw new IllegalStateException("booking " + key + " was cancelled before");
        }
    }

    void cancel(String key) throws SQLException {
        if (once(key, 0, 1)) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            int amount = number(connection, "SELECT amount FROM booking WHERE cancelled = 0 AND booking_key = ?", key);
            change(connection, "UPDATE booking SET cancelled = 1, amount = 0 WHERE booking_key = ?", key);
            change(connection, "UPDATE account SET balance = balance - " + amount + " WHERE id = ?", "main");
            connection.commit();
        }
    }

    private boolean once(String key, int amount, int cancelled) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                change(connection, "INSERT INTO booking VALUES (?, " + amount + ", " + cancelled + ")", key);
                change(connection, "UPDATE account SET balance = balance + " + amount + " WHERE id = ?", "main");
                connection.commit();
                return true;
            } catch (SQLException e) {
                connection.rollback();
                if (e.getSQLState() != null && e.getSQLState().startsWith(DUPLICATE)) {
                    return false;
                }
                throw e;
            }
        }
    }

    private boolean isCancelled(String key) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return number(connection, "SELECT cancelled FROM booking WHERE booking_key = ?", key) == 1;
        }
    }

    private static int number(Connection connection, String sql, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private static void change(Connection connection, String sql, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            statement.executeUpdate();
        }
    }
}
