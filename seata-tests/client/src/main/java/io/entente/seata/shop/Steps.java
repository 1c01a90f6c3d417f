package io.entente.seata.shop;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.apache.seata.core.context.RootContext;

/**
 * What the application can do, each a text: {@code update <source> <sql>} with auto-commit, {@code local <source>
 * <sql>;<sql>} as one local transaction, {@code query <source> <sql>} likewise, {@code until
 * <source> <value> <sql>}, {@code freeze <owner> <amount>} in the
 * purse, {@code xid}, and {@code fail}.
 */
class Steps {
    private final Sources sources;
    private final Purse purse;

    Steps(Sources sources, Purse purse) {
        this.sources = sources;
        this.purse = purse;
    }

    String runAll(List<String> steps) throws SQLException {
        List<String> results = new ArrayList<>();
        for (String step : steps) {
            results.add(run(step));
        }
        return String.join(" ", results);
    }

    private String run(String step) throws SQLException {
        String[] words = step.split(" ", 3);
        return switch (words[0]) {
            case "update" -> update(sources.get(words[1]), words[2]);
            case "local" -> local(sources.get(words[1]), words[2]);
            case "query" -> query(sources.get(words[1]), words[2]);
            case "until" -> until(sources.get(words[1]), words[2]);
            case "freeze" -> String.valueOf(purse.freeze(null, words[1], Integer.parseInt(words[2])));
            case "xid" -> RootContext.getXID();
            case "fail" -> throw new IllegalStateException("as told");
            default -> throw new IllegalArgumentException("no step: " + step);
        };
    }

    private static String update(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            return String.valueOf(statement.executeUpdate(sql));
        }
    }

    private static String local(DataSource source, String script) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                int rows = 0;
                for (String sql : script.split(";", -1)) {
                    rows += statement.executeUpdate(sql);
                }
                connection.commit();
                return String.valueOf(rows);
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** Waits until the first column is what the first word says. */
    private static String until(DataSource source, String what) throws SQLException {
        String[] parts = what.split(" ", 2);
        String found = query(source, parts[1]);
        while (!found.equals(parts[0])) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            found = query(source, parts[1]);
        }
        return found;
    }

    private static String query(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                String first = rows.next() ? rows.getString(1) : "none";
                connection.commit();
                return first;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }
}
