package io.entente.tc.seata;

import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * A coordinator, Seata's client connected to it, and a database. There is one of it for all test classes, because Seata
 * keeps everything in statics and cannot be connected to a second coordinator.
 */
final class SeataProcess implements AutoCloseable {
    static final String STOCK = "jdbc:test://stock";
    static final String ACCOUNT = "jdbc:test://account";

    private final Path directory;
    private final CoordinatorUnderTest tc;
    private final SeataSide seata;
    private final EmbeddedPostgres postgres;

    private SeataProcess() {
        try {
            directory = Files.createTempDirectory("seata-process");
            tc = CoordinatorUnderTest.start(directory.resolve("data"));
            seata = SeataSide.start(tc.port(), List.of(STOCK, ACCOUNT));
            postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(directory.resolve("postgres"))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the one there is to test methods that take it. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SeataProcess.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(SeataProcess.class))
                    .computeIfAbsent("process", key -> new SeataProcess(), SeataProcess.class);
        }
    }

    CoordinatorUnderTest tc() {
        return tc;
    }

    SeataSide seata() {
        return seata;
    }

    DataSource database() {
        return postgres.getPostgresDatabase();
    }

    /** The text of our DDL for PostgreSQL. */
    static String ddl(String table) {
        try (var in = SeataProcess.class.getResourceAsStream("/io/entente/sql/postgresql/" + table + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    int number(String sql) throws SQLException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Override
    public void close() throws IOException {
        SeataSide.stop();
        tc.close();
        postgres.close();
        FileSystemUtils.deleteRecursively(directory);
    }
}
