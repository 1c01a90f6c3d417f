package io.entente.rm.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.TransactionContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;

/** What is found at start-up, and what only some databases can do. */
class XaSetupTest {

    private XaTestBench bench;
    private XaTestBench.Process shop;

    @BeforeEach
    void start() {
        bench = new XaTestBench();
        shop = bench.process("shop");
    }

    @AfterEach
    void stop() {
        shop.close();
        bench.close();
    }

    @Test
    void a_postgresql_that_takes_no_prepared_transactions_is_found_at_start_up() throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("max_prepared_transactions", "0")
                .start()) {
            PGXADataSource plain = new PGXADataSource();
            plain.setUrl(server.getJdbcUrl("postgres", "postgres"));
            XaConnectionSource source = new XaConnectionSource(plain);
            assertThatThrownBy(() -> EntenteXaDataSource.wrap(source, source, shop.resources())
                            .start())
                    .isInstanceOf(XaNotPossibleException.class)
                    .hasMessageContainingAll("max_prepared_transactions", "postgresql.conf", "max_connections", "AT");
        }
    }

    @Test
    void a_pool_of_connections_that_cannot_do_xa_is_found_at_start_up() throws SQLException {
        try (XaDatabase database = new XaDatabase(TestDatabase.Kind.H2);
                HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSource(database.plain);
            assertThatThrownBy(() -> database.enlist(pool, shop.resources()))
                    .isInstanceOf(XaNotPossibleException.class)
                    .hasMessageContaining("XaConnectionSource");
        }
    }

    /** {@code real}, but its XA resources vote read-only. */
    private static <T> T votingReadOnly(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object result = method.invoke(real, arguments);
                    if (method.getName().equals("prepare")) {
                        ((XAResource) real).rollback((Xid) arguments[0]);
                        return XAResource.XA_RDONLY;
                    }
                    // By what is asked for: H2's connection is its own XA resource.
                    if (method.getReturnType().equals(XAConnection.class)) {
                        return votingReadOnly(XAConnection.class, (XAConnection) result);
                    }
                    return method.getReturnType().equals(XAResource.class)
                            ? votingReadOnly(XAResource.class, (XAResource) result)
                            : result;
                }));
    }

    @Test
    void a_branch_that_votes_read_only_takes_no_part_in_phase_two() throws SQLException {
        try (XaDatabase stock = new XaDatabase(TestDatabase.Kind.H2)) {
            XaConnectionSource source = new XaConnectionSource(votingReadOnly(XADataSource.class, stock.xaDataSource));
            EntenteXaDataSource stockXa = EntenteXaDataSource.wrap(source, source, shop.resources());
            stockXa.start();
            shop.awaitConnected();
            shop.client().transactions().execute("look", () -> {
                assertThat(XaDatabase.number(stockXa, "SELECT n FROM item WHERE id = 1"))
                        .isEqualTo(10);
                assertThat(bench.branches()).hasSize(1);
                TransactionContext.capture().endWork();
                assertThat(bench.branches()).isEmpty();
                return null;
            });
        }
    }

    @Test
    void a_constraint_that_postgresql_checks_at_prepare_rolls_everything_back_and_says_why() throws SQLException {
        try (XaDatabase stock = new XaDatabase(TestDatabase.Kind.POSTGRESQL);
                XaDatabase account = new XaDatabase(TestDatabase.Kind.POSTGRESQL)) {
            stock.run("CREATE TABLE part (id INT PRIMARY KEY, item INT REFERENCES item DEFERRABLE INITIALLY DEFERRED)");
            EntenteXaDataSource stockXa = stock.enlist(shop.resources());
            EntenteXaDataSource accountXa = account.enlist(shop.resources());
            shop.awaitConnected();
            assertThatThrownBy(() -> shop.client().transactions().execute("deferred", () -> {
                        XaDatabase.run(accountXa, "UPDATE item SET n = 11 WHERE id = 1");
                        XaDatabase.run(stockXa, "INSERT INTO part VALUES (1, 77)");
                        return null;
                    }))
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContainingAll("prepared", "part_item_fkey");
            assertThat(XaDatabase.number(stock.plain, "SELECT COUNT(*) FROM part"))
                    .isZero();
            assertThat(account.n(1)).isEqualTo(10);
        }
    }
}
