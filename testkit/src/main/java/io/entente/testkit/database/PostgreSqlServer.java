package io.entente.testkit.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** A PostgreSQL server as a child process, on a free port of the loopback interface. */
final class PostgreSqlServer implements DatabaseServer {

    private final EmbeddedPostgres server;
    private final Set<String> created = ConcurrentHashMap.newKeySet();

    private PostgreSqlServer(EmbeddedPostgres server) {
        this.server = server;
    }

    static PostgreSqlServer start() throws IOException {
        return new PostgreSqlServer(EmbeddedPostgres.builder()
                .setServerConfig("max_prepared_transactions", "128") // XA; the default forbids it
                .setServerConfig("max_connections", "600")
                .setPGStartupWait(Duration.ofMinutes(2))
                .setRegisterShutdownHook(false)
                .start());
    }

    @Override
    public void recreate(String name) throws SQLException {
        if (created.add(name)) {
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            return;
        }
        // Emptying a database takes milliseconds, creating one a second on a slow disk.
        try (Connection connection = dataSource(name).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            for (String transaction :
                    texts(statement, "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")) {
                statement.execute("ROLLBACK PREPARED '" + transaction.replace("'", "''") + "'");
            }
            for (String schema : texts(
                    statement,
                    "SELECT quote_ident(nspname) FROM pg_namespace"
                            + " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'")) {
                statement.execute("DROP SCHEMA " + schema + " CASCADE");
            }
            statement.execute("CREATE SCHEMA public");
        }
    }

    private static List<String> texts(Statement statement, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    @Override
    public DataSource dataSource(String name) {
        return server.getDatabase(user(), name);
    }

    @Override
    public String jdbcUrl(String name) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + name;
    }

    @Override
    public String user() {
        return "postgres";
    }

    @Override
    public String password() {
        return "postgres";
    }

    @Override
    public void stop() throws IOException {
        server.close();
    }
}
