package io.entente.tc.log.jdbc;

import io.entente.tc.log.LogUnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log needs of its database. */
final class LogTables {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogTables.class);
    private static final List<String> QUERIES = List.of(
            "SELECT log_group, term, leader, lead_until FROM entente_log_lead WHERE 1 = 0",
            "SELECT log_group, last_index, term, entries FROM entente_log_batch WHERE 1 = 0",
            "SELECT log_group, entry_index, part, is_last, content FROM entente_log_snapshot WHERE 1 = 0");

    private LogTables() {}

    /**
     * Sees to it that the tables are there.
     *
     * @throws LogUnusableException they are not, or not as they must be
     */
    static void require(LogConnection connection, JdbcLogSettings settings) throws SQLException {
        if (missing(connection) != null) {
            try {
                create(connection);
            } catch (SQLException e) {
                LOGGER.debug("The tables could not be created", e);
            }
        }
        SQLException problem = missing(connection);
        if (problem != null) {
            throw new LogUnusableException(
                    "The log's tables are not in " + settings.name() + ", and cannot be created by this user: "
                            + problem.getMessage() + ". Create them with the script sql/"
                            + connection.sql().folder() + "/coordinator_log.sql",
                    problem);
        }
        warnOfLosses(connection, settings);
    }

    /** Why the tables cannot be used; null when they can. */
    private static @Nullable SQLException missing(LogConnection connection) throws SQLException {
        for (String query : QUERIES) {
            try {
                connection.query(row -> {}, query);
            } catch (SQLException e) {
                if (e.getSQLState() == null || !e.getSQLState().startsWith("42")) {
                    throw e;
                }
                return e;
            }
        }
        return null;
    }

    private static void create(LogConnection connection) throws SQLException {
        String path = "/io/entente/sql/" + connection.sql().folder() + "/coordinator_log.sql";
        try (InputStream script = LogTables.class.getResourceAsStream(path)) {
            if (script == null) {
                throw new IllegalStateException("The DDL " + path + " is not on the class path");
            }
            String commands = new String(script.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            for (String command : commands.split(";", -1)) {
                if (!command.isBlank()) {
                    connection.update(command);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void warnOfLosses(LogConnection connection, JdbcLogSettings settings) throws SQLException {
        connection.query(
                row -> {
                    String setting = row.getString(1);
                    if (setting != null) {
                        LOGGER.warn(
                                "The server of {} runs with {}: when its machine fails it loses decisions that were"
                                        + " acknowledged. Never do so in production.",
                                settings.name(),
                                setting);
                    }
                },
                connection.sql().durability());
    }
}
