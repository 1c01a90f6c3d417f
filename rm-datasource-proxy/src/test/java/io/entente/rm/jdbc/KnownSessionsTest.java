package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.SilentlyWrongTest.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A driver that takes long to tell its URL is asked once for each of a pool's connections. */
class KnownSessionsTest {

    private final AtomicInteger asked = new AtomicInteger();

    private final class CountingConnection extends FaultyConnection {
        CountingConnection(Connection real) {
            super(real, () -> null, false);
        }

        @Override
        public DatabaseMetaData getMetaData() throws SQLException {
            asked.incrementAndGet();
            return super.getMetaData();
        }
    }

    @Test
    void a_connection_that_comes_again_from_the_pool_is_not_asked_again() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.H2);
        db.run("CREATE TABLE tally (id INT PRIMARY KEY, n INT)", "INSERT INTO tally VALUES (1, 0)");
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setMaximumPoolSize(1);
            pool.setDataSource(new FaultyConnection.PlainDataSource() {
                @Override
                public Connection getConnection() throws SQLException {
                    return new CountingConnection(db.plain.getConnection());
                }
            });
            DataSource at = EntenteDataSource.wrap(pool, db.coordinator, AtSettings.defaults());
            addOne(at);
            int atFirst = asked.get();
            assertThat(atFirst).isPositive();
            addOne(at);
            addOne(at);
            assertThat(asked).hasValue(atFirst);
        }
        assertThat(db.query("SELECT n FROM tally")).containsExactly("3");
    }

    private static void addOne(DataSource at) throws SQLException {
        try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID);
                Connection connection = at.getConnection()) {
            assertThat(scope).isNotNull();
            execute(connection, "UPDATE tally SET n = n + 1 WHERE id = 1");
        }
    }
}
