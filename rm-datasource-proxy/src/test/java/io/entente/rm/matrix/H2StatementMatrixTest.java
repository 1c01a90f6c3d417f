package io.entente.rm.matrix;

import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.api.Trigger;

class H2StatementMatrixTest extends StatementMatrixTest {

    H2StatementMatrixTest() {
        super(Kind.H2);
    }

    @Override
    void trigger(DataSource database) throws SQLException {
        run(
                database,
                "CREATE TRIGGER seen AFTER UPDATE ON triggered FOR EACH ROW CALL '" + Silent.class.getName() + "'");
    }

    private static void run(DataSource database, String... commands) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    /** Does nothing; nobody can tell from outside. */
    public static final class Silent implements Trigger {
        @Override
        public void fire(Connection connection, Object[] oldRow, Object[] newRow) {}
    }
}
