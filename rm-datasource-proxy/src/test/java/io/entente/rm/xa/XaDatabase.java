package io.entente.rm.xa;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

/** A database with a table of two rows, and pools of XA connections to it. */
final class XaDatabase implements AutoCloseable {

    static final int POOL_SIZE = 3;

    /** A database with a prepared branch cannot be dropped, so that no two tests share a name. */
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final TestDatabase server;
    final DataSource plain;
    final XADataSource xaDataSource;
    final XaConnectionSource source;
    private final List<HikariDataSource> pools = new ArrayList<>();

    XaDatabase(TestDatabase.Kind kind) throws SQLException {
        server = TestDatabase.of(kind);
        String name = "xa_" + NUMBER.incrementAndGet();
        plain = server.newDatabase(name);
        xaDataSource = xaDataSource(server, name);
        source = new XaConnectionSource(xaDataSource);
        run("CREATE TABLE item (id INT PRIMARY KEY, n INT NOT NULL)");
        run("INSERT INTO item VALUES (1, 10), (2, 20)");
    }

    static XADataSource xaDataSource(TestDatabase server, String name) throws SQLException {
        String url = server.jdbcUrl(name);
        switch (server.kind()) {
            case H2 -> {
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setURL(url);
                h2.setUser(server.user());
                h2.setPassword(server.password());
                return h2;
            }
            case POSTGRESQL -> {
                PGXADataSource postgresql = new PGXADataSource();
                postgresql.setUrl(url);
                postgresql.setUser(server.user());
                postgresql.setPassword(server.password());
                return postgresql;
            }
            default -> {
                MariaDbDataSource mariaDb = new MariaDbDataSource(url);
                mariaDb.setUser(server.user());
                mariaDb.setPassword(server.password());
                return mariaDb;
            }
        }
    }

    HikariDataSource pool(int size, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(5_000);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    EntenteXaDataSource enlist(XaResources resources) throws SQLException {
        return enlist(pool(POOL_SIZE, true), resources);
    }

    EntenteXaDataSource enlist(DataSource pool, XaResources resources) throws SQLException {
        EntenteXaDataSource enlisted = EntenteXaDataSource.wrap(pool, source, resources);
        enlisted.start();
        return enlisted;
    }

    /** Outside of any global transaction. */
    void run(String sql) throws SQLException {
        run(plain, sql);
    }

    static void run(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            run(connection, sql);
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static int number(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** What everybody sees in row {@code id}. */
    int n(int id) throws SQLException {
        return number(plain, "SELECT n FROM item WHERE id = " + id);
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }
}
