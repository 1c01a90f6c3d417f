package io.entente.crash;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.testkit.database.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

/**
 * The database of one bank. Outlives the processes that work on it.
 *
 * @param role payer or payee
 * @param name of the database
 * @param plain connections for the test itself; kept, because a new one costs some databases a process
 */
public record Site(TestDatabase database, String role, String name, HikariDataSource plain) implements AutoCloseable {

    static final int START_BALANCE = 100;

    public static Site create(TestDatabase database, String role, String row) throws SQLException {
        String name = role + "_" + row;
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.newDatabase(name));
        Site site = new Site(database, role, name, pool(config));
        Path scripts = Path.of("..", "sql", folder(database.kind()));
        TestDatabase.runScript(site.plain, scripts.resolve("undo_log.sql"));
        TestDatabase.runScript(site.plain, scripts.resolve("tcc_fence_log.sql"));
        site.run("CREATE TABLE account (id VARCHAR(20) PRIMARY KEY, balance INT NOT NULL, frozen INT NOT NULL)");
        site.run(
                "CREATE TABLE booking (booking_key VARCHAR(150) PRIMARY KEY, amount INT NOT NULL, cancelled INT NOT NULL)");
        return site;
    }

    private static String folder(TestDatabase.Kind kind) {
        return kind == TestDatabase.Kind.MARIADB ? "mysql" : kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        plain.close();
    }

    /** As on the first day. */
    void reset() throws SQLException {
        run("DELETE FROM account");
        run("DELETE FROM booking");
        run("DELETE FROM undo_log");
        run("DELETE FROM tcc_fence_log");
        run("INSERT INTO account VALUES ('main', " + START_BALANCE + ", 0)");
    }

    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl(name));
        config.setUsername(database.user());
        config.setPassword(database.password());
        return pool(config);
    }

    XADataSource xaDataSource() throws SQLException {
        String url = database.jdbcUrl(name);
        String user = database.user();
        String password = database.password();
        switch (database.kind()) {
            case H2 -> {
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setURL(url);
                h2.setUser(user);
                h2.setPassword(password);
                return h2;
            }
            case POSTGRESQL -> {
                PGXADataSource postgresql = new PGXADataSource();
                postgresql.setUrl(url);
                postgresql.setUser(user);
                postgresql.setPassword(password);
                return postgresql;
            }
            default -> {
                MariaDbDataSource mariaDb = new MariaDbDataSource(url);
                mariaDb.setUser(user);
                mariaDb.setPassword(password);
                return mariaDb;
            }
        }
    }

    static HikariDataSource pool(HikariConfig config) {
        config.setMaximumPoolSize(6);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }

    public void run(String sql) throws SQLException {
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public int number(String sql) throws SQLException {
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    int balance() throws SQLException {
        return number("SELECT balance FROM account WHERE id = 'main'");
    }

    /** What a transaction left behind that nothing will ever clean up; empty when all is well. */
    public List<String> remains() throws SQLException {
        List<String> remains = new ArrayList<>();
        Map<String, String> counts = Map.of(
                "frozen money", "SELECT SUM(frozen) FROM account",
                "undo rows", "SELECT COUNT(*) FROM undo_log WHERE log_status = 0",
                "fence rows of undecided branches", "SELECT COUNT(*) FROM tcc_fence_log WHERE status = 1");
        for (Map.Entry<String, String> count : counts.entrySet()) {
            int found = number(count.getValue());
            if (found != 0) {
                remains.add(name + ": " + count.getKey() + ": " + found);
            }
        }
        int prepared = prepared();
        if (prepared != 0) {
            remains.add(name + ": prepared XA branches: " + prepared);
        }
        return remains;
    }

    private int prepared() throws SQLException {
        return switch (database.kind()) {
            case POSTGRESQL -> number("SELECT COUNT(*) FROM pg_prepared_xacts WHERE database = current_database()");
            case H2 -> number("SELECT COUNT(*) FROM INFORMATION_SCHEMA.IN_DOUBT");
            case MARIADB -> 0; // XA RECOVER there does not tell the database; a row lock left would fail the next run
        };
    }
}
