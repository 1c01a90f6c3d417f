package io.entente.rm.table;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When what is known of a table gets too old, one client reads the catalog again, and the others go on. */
class CatalogReadOnceTest {
    private static final Duration LIFETIME = Duration.ofMinutes(1);

    private final AtomicLong nanoTime = new AtomicLong();
    private Connection connection;
    private WatchedReader reader;
    private TableMetadata metadata;

    /** What another client does while the catalog is being read. */
    private interface Meanwhile {
        void run() throws SQLException;
    }

    private static final class WatchedReader implements TableReader {
        private final Dialect real;
        private int readings;
        private Meanwhile meanwhile = () -> {};

        WatchedReader(Dialect real) {
            this.real = real;
        }

        @Override
        public String scope(Connection connection) throws SQLException {
            return real.scope(connection);
        }

        @Override
        public TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
            return real.resolve(connection, schema, name);
        }

        @Override
        public Table read(Connection connection, TableName name) throws SQLException {
            readings++;
            Meanwhile now = meanwhile;
            meanwhile = () -> {};
            now.run();
            return real.read(connection, name);
        }

        @Override
        public List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
            return real.uniqueKeys(connection, name);
        }

        @Override
        public List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
            return real.triggers(connection, name);
        }

        @Override
        public Writers writers(Connection connection) throws SQLException {
            readings++;
            Meanwhile now = meanwhile;
            meanwhile = () -> {};
            now.run();
            return Writers.of(Set.of("write_" + readings));
        }
    }

    @BeforeEach
    void open() throws SQLException {
        connection = new TestedDatabase(TestDatabase.Kind.H2).connect();
        reader = new WatchedReader(Dialect.of(connection.getMetaData()));
        metadata = new TableMetadata(reader, LIFETIME, nanoTime::get);
        execute(connection, "CREATE TABLE stock (id INT PRIMARY KEY, n INT)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private TableDefinition stock() throws SQLException {
        return metadata.table(connection, reader.scope(connection), null, "stock");
    }

    @Test
    void one_reads_an_old_table_again_and_the_others_go_on_with_what_is_known() throws SQLException {
        TableDefinition first = stock();
        execute(connection, "ALTER TABLE stock ADD COLUMN place INT");
        nanoTime.addAndGet(LIFETIME.toNanos());
        reader.meanwhile = () -> assertThat(stock()).isSameAs(first);
        TableDefinition second = stock();
        assertThat(second.table().columns()).hasSize(3);
        assertThat(stock()).isSameAs(second);
        assertThat(reader.readings).isEqualTo(2);
    }

    @Test
    void nobody_goes_on_for_longer_than_twice_the_lifetime() throws SQLException {
        TableDefinition first = stock();
        nanoTime.addAndGet(LIFETIME.toNanos());
        reader.meanwhile = () -> {
            nanoTime.addAndGet(LIFETIME.toNanos());
            assertThat(stock()).isSameAs(first); // it says the same
        };
        stock();
        assertThat(reader.readings).isEqualTo(3);
    }

    @Test
    void a_table_that_could_not_be_read_again_is_not_known_any_more() throws SQLException {
        stock();
        execute(connection, "DROP TABLE stock");
        nanoTime.addAndGet(LIFETIME.toNanos());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::stock).isInstanceOf(TableNotUsableException.class);
        }
    }

    @Test
    void functions_are_read_again_by_one() throws SQLException {
        UserFunctions functions = new UserFunctions(reader::writers, LIFETIME, nanoTime::get);
        Set<String> called = Set.of("write_1", "write_2");
        assertThat(functions.among(connection, called, Set.of())).isEqualTo("write_1");
        nanoTime.addAndGet(LIFETIME.toNanos());
        reader.meanwhile =
                () -> assertThat(functions.among(connection, called, Set.of())).isEqualTo("write_1");
        assertThat(functions.among(connection, called, Set.of())).isEqualTo("write_2");
        assertThat(reader.readings).isEqualTo(2);
    }
}
