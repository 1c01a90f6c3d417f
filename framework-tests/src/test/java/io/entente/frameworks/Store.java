package io.entente.frameworks;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** A database looked at from outside of Entente and of all frameworks. */
public final class Store {

    private final TestDatabase.Kind kind;
    private final DataSource dataSource;

    public Store(TestDatabase.Kind kind, DataSource dataSource) {
        this.kind = kind;
        this.dataSource = dataSource;
    }

    /** Throws away all rows; generated keys begin anew. */
    public void clear() {
        using(statement -> {
            List<String> tables = tables(statement);
            switch (kind) {
                case H2 -> {
                    statement.execute("SET REFERENTIAL_INTEGRITY FALSE");
                    for (String table : tables) {
                        statement.execute("TRUNCATE TABLE " + table + " RESTART IDENTITY");
                    }
                    statement.execute("SET REFERENTIAL_INTEGRITY TRUE");
                }
                case POSTGRESQL ->
                    statement.execute("TRUNCATE TABLE " + String.join(", ", tables) + " RESTART IDENTITY");
                case MARIADB -> {
                    statement.execute("SET FOREIGN_KEY_CHECKS = 0");
                    for (String table : tables) {
                        statement.execute("TRUNCATE TABLE " + table);
                    }
                }
            }
            return null;
        });
    }

    /** All rows of all tables but the undo log, by table. */
    public Map<String, List<String>> content() {
        return using(statement -> {
            Map<String, List<String>> content = new TreeMap<>();
            for (String table : tables(statement)) {
                content.put(table, rows(statement, "SELECT * FROM " + table));
            }
            return content;
        });
    }

    public List<String> undoRows() {
        return query("SELECT branch_id, xid, log_status FROM undo_log");
    }

    /** The rows of a query, each as text, in an order of their own. */
    public List<String> query(String sql) {
        return using(statement -> rows(statement, sql));
    }

    private List<String> tables(Statement statement) throws SQLException {
        String schema = switch (kind) {
            case H2, POSTGRESQL -> "CURRENT_SCHEMA";
            case MARIADB -> "DATABASE()";
        };
        return rows(
                statement,
                "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema = "
                        + schema + " AND lower(table_name) <> 'undo_log'");
    }

    private static List<String> rows(Statement statement, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData columns = result.getMetaData();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.add(columns.getColumnTypeName(i).equals("oid") ? largeObject(result, i) : result.getString(i));
                }
                rows.add(String.join(" | ", row));
            }
        }
        Collections.sort(rows);
        return rows;
    }

    /** PostgreSQL keeps it elsewhere; the column holds its number. */
    private static String largeObject(ResultSet result, int column) throws SQLException {
        java.sql.Blob blob = result.getBlob(column);
        return blob == null ? "null" : java.util.HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(Statement statement) throws SQLException;
    }

    private <T> T using(Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            T result = work.with(statement);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException("The database cannot be looked at: " + e.getMessage(), e);
        }
    }
}
