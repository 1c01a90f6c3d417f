package io.entente.samples.story;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;

/**
 * A database server with an empty database for each service. It is no part of any service: a killed service finds its
 * tables again.
 */
public final class RunningDatabases implements AutoCloseable {

    private final Database kind;
    private final TestDatabase server;
    private final @Nullable Server h2;

    private RunningDatabases(Database kind, TestDatabase server, @Nullable Server h2) {
        this.kind = kind;
        this.server = server;
        this.h2 = h2;
    }

    static RunningDatabases start(Database database, List<Service> services, Ports ports) {
        TestDatabase server = switch (database) {
            case H2 -> TestDatabase.h2();
            case POSTGRESQL -> TestDatabase.postgresql();
            case MARIADB -> TestDatabase.mariadb();
        };
        for (String name : services.stream().map(Service::database).distinct().toList()) {
            // H2 makes a database in memory when it is first opened, and only for its own process.
            try (Connection connection = server.newDatabase(name).getConnection()) {
                connection.setReadOnly(true);
            } catch (SQLException e) {
                throw new StoryException("The database " + name + " cannot be opened: " + e.getMessage(), e);
            }
        }
        return new RunningDatabases(database, server, database == Database.H2 ? listen(ports.h2()) : null);
    }

    /** Opens H2's databases, which are in the memory of this process, to the others. */
    private static Server listen(int port) {
        try {
            return Server.createTcpServer("-tcpPort", String.valueOf(port)).start();
        } catch (SQLException e) {
            throw new StoryException("H2 cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    String url(Service service) {
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

    /** @throws StoryException when it cannot be opened */
    public ServiceDatabase open(Service service) {
        try {
            return new ServiceDatabase(service, kind, DriverManager.getConnection(url(service), user(), password()));
        } catch (SQLException e) {
            throw new StoryException(
                    "The database of the " + service.name() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (h2 != null) {
            h2.stop();
        }
    }
}
