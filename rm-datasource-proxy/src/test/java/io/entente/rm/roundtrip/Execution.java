package io.entente.rm.roundtrip;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Executes steps and tells everything that JDBC answers, as a text to compare. */
final class Execution {

    private Execution() {}

    static String run(Connection connection, Step step) throws SQLException {
        if (step instanceof Step.Single single) {
            return single.prepared() ? prepared(connection, single) : plain(connection, single);
        } else if (step instanceof Step.Batch batch) {
            return batch(connection, batch);
        } else if (step instanceof Step.TextBatch batch) {
            return textBatch(connection, batch);
        }
        throw new IllegalArgumentException("Not a step of its own: " + step);
    }

    private static String prepared(Connection connection, Step.Single step) throws SQLException {
        try (PreparedStatement statement = prepare(connection, step.sql(), step.keys(), step.keyColumns())) {
            for (int i = 0; i < step.parameters().size(); i++) {
                step.parameters().get(i).bind(statement, i + 1);
            }
            if (step.sql().length() % 2 == 0 && isPlainUpdate(step.sql())) {
                return "count " + statement.executeUpdate() + keys(statement, step.keys());
            }
            boolean rows = statement.execute();
            // Some drivers forget them with the first result.
            String keys = keys(statement, step.keys());
            return results(statement, rows) + keys;
        }
    }

    private static boolean isPlainUpdate(String sql) {
        return sql.startsWith("UPDATE ") && !sql.contains("RETURNING") && !sql.contains(";");
    }

    private static PreparedStatement prepare(Connection connection, String sql, Step.Keys keys, List<String> columns)
            throws SQLException {
        return switch (keys) {
            case NONE -> connection.prepareStatement(sql);
            case GENERATED -> connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS);
            case BY_NAME -> connection.prepareStatement(sql, columns.toArray(String[]::new));
        };
    }

    private static String plain(Connection connection, Step.Single step) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean rows = switch (step.keys()) {
                case NONE -> statement.execute(step.sql());
                case GENERATED -> statement.execute(step.sql(), Statement.RETURN_GENERATED_KEYS);
                case BY_NAME -> statement.execute(step.sql(), step.keyColumns().toArray(String[]::new));
            };
            String keys = keys(statement, step.keys());
            return results(statement, rows) + keys;
        }
    }

    private static String batch(Connection connection, Step.Batch step) throws SQLException {
        try (PreparedStatement statement = prepare(connection, step.sql(), step.keys(), List.of())) {
            for (List<Value> row : step.rows()) {
                for (int i = 0; i < row.size(); i++) {
                    row.get(i).bind(statement, i + 1);
                }
                statement.addBatch();
            }
            return Arrays.toString(statement.executeBatch()) + keys(statement, step.keys());
        }
    }

    private static String textBatch(Connection connection, Step.TextBatch step) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String text : step.texts()) {
                statement.addBatch(text);
            }
            return Arrays.toString(statement.executeBatch());
        }
    }

    private static String results(Statement statement, boolean first) throws SQLException {
        List<String> results = new ArrayList<>();
        boolean rows = first;
        while (true) {
            if (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    results.add(rows(result, true).toString());
                }
            } else {
                long count = statement.getLargeUpdateCount();
                if (count < 0) {
                    return String.join(", ", results);
                }
                results.add("count " + count);
            }
            rows = statement.getMoreResults();
        }
    }

    private static String keys(Statement statement, Step.Keys keys) throws SQLException {
        if (keys == Step.Keys.NONE) {
            return "";
        }
        try (ResultSet rows = statement.getGeneratedKeys()) {
            return ", keys " + rows(rows, false);
        }
    }

    /** Names of the columns and all rows, in an order that does not depend on where they lie. */
    static List<String> rows(ResultSet result, boolean sorted) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<String> rows = new ArrayList<>();
        while (result.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                // Drivers fail: PostgreSQL's reads money as a number, MariaDB's makes a date of the year 0.
                boolean asText = List.of("money", "YEAR").contains(columns.getColumnTypeName(i));
                values.add(asText ? String.valueOf(result.getString(i)) : text(result.getObject(i), result, i));
            }
            rows.add(String.join(" | ", values));
        }
        if (sorted) {
            Collections.sort(rows);
        }
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
        rows.add(0, String.join(" | ", names));
        return rows;
    }

    private static String text(Object value, ResultSet row, int column) throws SQLException {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof java.sql.Blob blob) {
            return HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
        }
        if (value instanceof Object[] array) {
            return Arrays.deepToString(array);
        }
        if (value instanceof java.sql.Array || value instanceof java.sql.Clob) {
            return String.valueOf(row.getString(column));
        }
        return String.valueOf(value);
    }
}
