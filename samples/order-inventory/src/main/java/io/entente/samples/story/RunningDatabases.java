package io.entente.samples.story;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;

/**
 * A database server with one empty database for each service. It is no part of any service: a killed service finds its
 * tables again.
 */
final class RunningDatabases implements AutoCloseable {

    private final TestDatabase server;
    private final @Nullable Server h2;

    private RunningDatabases(TestDatabase server, @Nullable Server h2) {
        this.server = server;
        this.h2 = h2;
    }

    static RunningDatabases start(Database database, Ports ports) {
        TestDatabase server = switch (database) {
            case H2 -> TestDatabase.h2();
            case POSTGRESQL -> TestDatabase.postgresql();
            case MARIADB -> TestDatabase.mariadb();
        };
        for (ServiceName service : ServiceName.values()) {
            // H2 makes a database in memory when it is first opened, and only for its own process.
            try (Connection connection = server.newDatabase(service.database()).getConnection()) {
                connection.setReadOnly(true);
            } catch (SQLException e) {
                throw new StoryException(
                        "The database " + service.database() + " cannot be opened: " + e.getMessage(), e);
            }
        }
        return new RunningDatabases(server, database == Database.H2 ? listen(ports.of(Ports.Use.H2)) : null);
    }

    /** Opens H2's databases, which are in the memory of this process, to the others. */
    private static Server listen(int port) {
        try {
            return Server.createTcpServer("-tcpPort", String.valueOf(port)).start();
        } catch (SQLException e) {
            throw new StoryException("H2 cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    String url(ServiceName service) {
        return h2 == null
                ? server.jdbcUrl(service.database())
                : "jdbc:h2:tcp://localhost:" + h2.getPort() + "/mem:" + service.database();
    }

    String user() {
        return server.user();
    }

    String password() {
        return server.password();
    }

    Connection connect(ServiceName service) throws SQLException {
        return DriverManager.getConnection(url(service), user(), password());
    }

    @Override
    public void close() {
        if (h2 != null) {
            h2.stop();
        }
    }
}
