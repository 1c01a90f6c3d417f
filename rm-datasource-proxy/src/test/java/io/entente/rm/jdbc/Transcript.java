package io.entente.rm.jdbc;

import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What a driver, or a proxy in its place, told an application: values, rows, and failures by their SQL state. */
final class Transcript {

    private final List<String> lines = new ArrayList<>();

    /** Something asked of an object of JDBC. */
    interface Question {
        @Nullable
        Object ask() throws SQLException;
    }

    /** Something told to an object of JDBC. */
    interface Order {
        void give() throws SQLException;
    }

    List<String> lines() {
        return lines;
    }

    void ask(String what, Question question) {
        String answer;
        try {
            answer = text(question.ask());
        } catch (BatchUpdateException e) {
            answer = "fails with counts " + Arrays.toString(e.getLargeUpdateCounts());
        } catch (SQLException e) {
            answer = "fails with " + e.getSQLState();
        }
        lines.add(what + ": " + answer);
    }

    void tell(String what, Order order) {
        ask(what, () -> {
            order.give();
            return "done";
        });
    }

    private static String text(@Nullable Object answer) throws SQLException {
        if (answer instanceof ResultSet rows) {
            return rows(rows);
        }
        if (answer instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (answer instanceof int[] counts) {
            return Arrays.toString(counts);
        }
        if (answer instanceof long[] counts) {
            return Arrays.toString(counts);
        }
        return String.valueOf(answer);
    }

    private static String rows(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        StringJoiner text = new StringJoiner("\n    ");
        StringJoiner labels = new StringJoiner(" | ");
        for (int i = 1; i <= columns; i++) {
            labels.add(rows.getMetaData().getColumnLabel(i));
        }
        text.add(labels.toString());
        while (rows.next()) {
            StringJoiner values = new StringJoiner(" | ");
            for (int i = 1; i <= columns; i++) {
                values.add(String.valueOf(rows.getString(i)));
            }
            text.add(values.toString());
        }
        return text.toString();
    }
}
