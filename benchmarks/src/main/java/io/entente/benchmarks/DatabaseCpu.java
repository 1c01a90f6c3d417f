package io.entente.benchmarks;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The processor time of a database server's processes. H2 has none: it runs in the JVM of whoever uses it. */
final class DatabaseCpu {
    private final @Nullable ProcessHandle server;

    private DatabaseCpu(@Nullable ProcessHandle server) {
        this.server = server;
    }

    static DatabaseCpu of(TestDatabase.Kind kind, DataSource database) throws SQLException {
        return new DatabaseCpu(
                switch (kind) {
                    case H2 -> null;
                    case POSTGRESQL -> postmaster(database);
                    case MARIADB -> child("mariadbd", "mysqld");
                });
    }

    /** It is no child of this process: whoever started it has ended. */
    private static ProcessHandle postmaster(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow(() -> new IllegalStateException("The PostgreSQL server is not on this machine"));
        }
    }

    private static ProcessHandle child(String... commands) {
        return ProcessHandle.current()
                .descendants()
                .filter(each -> {
                    Optional<String> command = each.info().command();
                    return command.isPresent() && Stream.of(commands).anyMatch(command.get()::endsWith);
                })
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The database server is no child of this process"));
    }

    /** Used so far by those of its processes that live. */
    Duration used() {
        return server == null
                ? Duration.ZERO
                : Stream.concat(Stream.of(server), server.descendants())
                        .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                        .reduce(Duration.ZERO, Duration::plus);
    }
}
