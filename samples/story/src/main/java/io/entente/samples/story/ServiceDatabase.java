package io.entente.samples.story;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A look into the database of one service, past the service. Every method throws {@link StoryException}. */
public final class ServiceDatabase implements AutoCloseable {

    private final Service service;
    private final Database kind;
    private final Connection connection;

    ServiceDatabase(Service service, Database kind, Connection connection) {
        this.service = service;
        this.kind = kind;
        this.connection = connection;
    }

    /** Makes something of the current row. */
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    public Database kind() {
        return kind;
    }

    public <T> List<T> query(String sql, RowReader<T> reader) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<T> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(reader.read(row));
            }
            return rows;
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** How many rows a table has. */
    public int count(String table) {
        return query("SELECT COUNT(*) FROM " + table, row -> row.getInt(1)).get(0);
    }

    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    private StoryException failed(String sql, SQLException cause) {
        return new StoryException(
                "The database of the " + service.name() + " refused: " + sql + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("close", e);
        }
    }
}
