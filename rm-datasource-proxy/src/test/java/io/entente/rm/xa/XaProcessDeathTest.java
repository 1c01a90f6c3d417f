package io.entente.rm.xa;

import static io.entente.rm.xa.XaDatabase.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that dies with a prepared branch. Not with H2, which forgets what a session that ends had prepared. */
@ParameterizedClass
@EnumSource(
        value = TestDatabase.Kind.class,
        names = {"POSTGRESQL", "MARIADB"})
class XaProcessDeathTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase.Kind kind;
    private XaTestBench bench;
    private EntenteClient caller;
    private XaTestBench.Process shop;
    private XaDatabase stock;
    private EntenteXaDataSource stockXa;

    XaProcessDeathTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws SQLException {
        bench = new XaTestBench();
        caller = EntenteClient.connect(
                ClientSettings.of(bench.coordinator.address()).withApplicationId("caller"));
        stock = new XaDatabase(kind);
        startShop();
    }

    private void startShop() throws SQLException {
        shop = bench.process("shop");
        stockXa = stock.enlist(shop.resources());
        shop.awaitConnected();
    }

    @AfterEach
    void stop() {
        shop.close();
        caller.close();
        stock.close();
        bench.close();
    }

    /** What a service does that is called within the transaction on this thread, until it has answered. */
    private void callShop() throws SQLException {
        String xid = String.valueOf(TransactionContext.xid());
        try (var none = TransactionContext.suspend();
                var scope = TransactionContext.bind(xid)) {
            run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
        }
    }

    private void awaitEnd() {
        await().atMost(PATIENCE).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            bench.coordinator.advanceTime(Duration.ofSeconds(1));
            return bench.transactions() == 0;
        });
    }

    @Test
    void another_one_commits_what_a_dead_process_had_prepared() throws SQLException {
        caller.transactions().execute("dies", () -> {
            callShop();
            shop.close();
            startShop();
            return null;
        });
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(11);
    }

    @Test
    void another_one_rolls_back_what_a_dead_process_had_prepared() throws SQLException {
        assertThatThrownBy(() -> caller.transactions().execute("dies", () -> {
                    callShop();
                    shop.close();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        startShop();
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(10);
        stock.run("UPDATE item SET n = 12 WHERE id = 1");
        assertThat(stock.n(1)).isEqualTo(12);
    }
}
