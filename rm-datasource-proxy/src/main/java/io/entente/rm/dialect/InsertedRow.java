package io.entente.rm.dialect;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A row to be inserted.
 *
 * @param statement what inserts rows like it
 * @param values of the first columns: numbers, texts, bytes and times without zone
 */
public record InsertedRow(Statement statement, List<Object> values) {

    /** The values are not copied. */
    public InsertedRow {}

    /**
     * An INSERT of one row.
     *
     * @param into the table and, in parentheses, its columns
     * @param literals of the last columns, of which there are few different ones, so that statements can be kept prepared
     * @param sql the statement, with parameters for the values of the first columns
     */
    public record Statement(String into, String literals, String sql) {

        /** @param parameters how many columns come before the literals */
        public static Statement of(String into, int parameters, String literals) {
            return new Statement(
                    into, literals, "INSERT INTO " + into + " VALUES (" + "?, ".repeat(parameters) + literals + ")");
        }
    }

    /** The statement, with parameters for the values. */
    public String sql() {
        return statement.sql();
    }

    /** Gives a statement that begins with {@link #sql} its parameters. */
    public void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            bind(statement, i + 1, values.get(i));
        }
    }

    /** Drivers find out slowly what an object is. */
    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else {
            statement.setObject(index, value);
        }
    }
}
