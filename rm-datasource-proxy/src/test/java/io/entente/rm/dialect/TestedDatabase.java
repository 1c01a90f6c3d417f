package io.entente.rm.dialect;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** An empty database of its own on a real server, and what tests ask of it. */
public final class TestedDatabase {

    private final TestDatabase.Kind kind;
    private final DataSource dataSource;

    /** Creates the database. */
    public TestedDatabase(TestDatabase.Kind kind) throws SQLException {
        String name = "rm_" + UUID.randomUUID().toString().replace("-", "");
        this.kind = kind;
        this.dataSource = TestDatabase.of(kind).newDatabase(name);
        if (kind == TestDatabase.Kind.MARIADB) {
            try (Connection connection = dataSource.getConnection()) {
                execute(connection, "ALTER DATABASE " + name + " CHARACTER SET utf8mb4");
            }
        }
    }

    /** A new connection, in auto-commit mode. */
    public Connection connect() throws SQLException {
        Connection connection = dataSource.getConnection();
        if (kind == TestDatabase.Kind.H2) {
            execute(connection, "SET LOCK_TIMEOUT 10000");
        }
        return connection;
    }

    /** The table's rows, exact to the byte, read without any code under test. */
    public List<String> dump(Connection connection, String table) throws SQLException {
        return dump(kind, connection, table);
    }

    /** As {@link #dump(Connection, String)}, of any database of that kind. */
    public static List<String> dump(TestDatabase.Kind kind, Connection connection, String table) throws SQLException {
        return switch (kind) {
            case H2 ->
                query(connection, "SCRIPT SIMPLE NOPASSWORDS NOSETTINGS TABLE " + table).stream()
                        .filter(line -> line.startsWith("INSERT INTO"))
                        .sorted()
                        .toList();
            case POSTGRESQL -> query(connection, "SELECT d::text FROM " + table + " d ORDER BY 1");
            case MARIADB -> {
                // The checksum is over the stored bytes; the rows are there to be readable when it differs.
                List<String> dump = new ArrayList<>(query(connection, "CHECKSUM TABLE " + table + " EXTENDED"));
                dump.addAll(query(connection, "SELECT * FROM " + table + " ORDER BY 1"));
                yield dump;
            }
        };
    }

    /** Runs statements. */
    public static void execute(Connection connection, String... commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    /** All rows, the values of each joined. */
    public static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }
}
