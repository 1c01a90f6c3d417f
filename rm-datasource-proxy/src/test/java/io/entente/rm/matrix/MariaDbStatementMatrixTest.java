package io.entente.rm.matrix;

import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

class MariaDbStatementMatrixTest extends StatementMatrixTest {

    MariaDbStatementMatrixTest() {
        super(Kind.MARIADB);
    }

    @Override
    void trigger(DataSource database) throws SQLException {
        run(database, "CREATE TRIGGER seen AFTER UPDATE ON triggered FOR EACH ROW SET @seen = 1");
    }

    private static void run(DataSource database, String... commands) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }
}
