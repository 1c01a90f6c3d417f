package io.entente.rm.dialect;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/**
 * A row to be inserted.
 *
 * @param into the table and, in parentheses, its columns
 * @param values of the first columns: numbers, texts, bytes and times without zone
 * @param literals of the other columns, of which there are few different ones, so that statements can be kept prepared
 */
public record InsertedRow(String into, List<Object> values, String literals) {

    /** The values are not copied. */
    public InsertedRow {}

    /** The statement, with parameters for the values. */
    public String sql() {
        return "INSERT INTO " + into + " VALUES (" + String.join(", ", Collections.nCopies(values.size(), "?")) + ", "
                + literals + ")";
    }

    /** Gives a statement that begins with {@link #sql} its parameters. */
    public void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }
}
