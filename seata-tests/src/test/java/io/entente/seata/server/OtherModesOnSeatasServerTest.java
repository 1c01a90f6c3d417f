package io.entente.seata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.GlobalTransactionTimedOutException;
import io.entente.tm.TransactionOptions;
import io.entente.tm.saga.InvalidSagaException;
import io.entente.tm.saga.Saga;
import io.entente.tm.saga.SagaStepFailedException;
import io.entente.tm.saga.Sagas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TCC and XA of our client, with a server of Seata's for a coordinator; and sagas, which that cannot have. */
class OtherModesOnSeatasServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TransactionOptions PAY = TransactionOptions.named("pay");

    private static SeataServer seata;
    private static Tables tables;
    private static OurShop shop;
    private static OurShop xa;

    private static final class StoppedOnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void start() throws Exception {
        seata = SeataServer.start(Path.of("").toAbsolutePath(), List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        tables = Tables.create(Kind.POSTGRESQL, "modes_on_seata");
        shop = OurShop.start("purse", seata.address(), tables.server(), tables.name());
        xa = OurShop.start("xa", seata.address(), tables.server(), tables.name(), "seata.data-source-proxy-mode=XA");
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
        xa.close();
        seata.close();
    }

    @BeforeEach
    void stockUp() {
        tables.stockUp();
    }

    @Test
    void what_was_tried_is_confirmed() {
        shop.in(PAY, () -> {
            shop.bean(OurShop.Purse.class).freeze(1, 30);
            assertThat(tables.purse()).isEqualTo("100:30");
            return null;
        });
        assertThat(tables.purse()).isEqualTo("70:0");
    }

    @Test
    void what_was_tried_is_cancelled_beside_rows_that_are_put_back() {
        assertThatThrownBy(() -> shop.in(PAY, () -> {
                    shop.jdbc().update("UPDATE stock SET n = 1 WHERE id = 1");
                    shop.bean(OurShop.Purse.class).freeze(1, 30);
                    throw new StoppedOnPurpose();
                }))
                .isInstanceOf(StoppedOnPurpose.class);
        assertThat(tables.purse()).isEqualTo("100:0");
        assertThat(tables.stock()).isEqualTo(Tables.FULL);
    }

    @Test
    void what_was_tried_is_cancelled_when_the_time_is_up() {
        assertThatThrownBy(() -> shop.in(PAY.withTimeout(Duration.ofSeconds(1)), () -> {
                    shop.bean(OurShop.Purse.class).freeze(1, 30);
                    await().atMost(PATIENCE).until(() -> tables.purse().equals("100:0"));
                    return null;
                }))
                .isInstanceOf(GlobalTransactionTimedOutException.class);
        assertThat(tables.purse()).isEqualTo("100:0");
    }

    @Test
    void the_database_commits_and_rolls_back_by_xa() {
        xa.in(PAY, () -> {
            xa.jdbc().update("UPDATE stock SET n = 1 WHERE id = 1");
            assertThat(tables.stock()).isEqualTo(Tables.FULL);
            return null;
        });
        assertThat(tables.stock()).isEqualTo("1:1 2:100 3:100");

        assertThatThrownBy(() -> xa.in(PAY, () -> {
                    xa.jdbc().update("UPDATE stock SET n = 1 WHERE id = 2");
                    throw new StoppedOnPurpose();
                }))
                .isInstanceOf(StoppedOnPurpose.class);
        assertThat(tables.stock()).isEqualTo("1:1 2:100 3:100");
        assertThat(tables.undoRows()).isZero();
    }

    @Test
    void steps_of_sagas_are_refused_and_nothing_is_broken_by_them() {
        assertThatThrownBy(
                        () -> shop.in(PAY, () -> shop.bean(OurShop.Trip.class).reserve("Lisbon")))
                .isInstanceOf(SagaStepFailedException.class)
                .hasMessageContainingAll("one of Seata 2.0.0", "entente.server");

        Saga<String> undone = Saga.named("undone", String.class)
                .step("car", call -> call.input())
                .compensate(call -> {})
                .build();
        assertThatThrownBy(() -> shop.bean(Sagas.class).run(undone, "Lisbon"))
                .hasStackTraceContaining("one of Seata 2.0.0");

        Saga<String> forward = Saga.named("forward", String.class)
                .step("car", call -> call.input())
                .pivot()
                .build();
        assertThatThrownBy(() -> shop.bean(Sagas.class).run(forward, "Lisbon"))
                .isInstanceOf(InvalidSagaException.class)
                .hasMessageContaining("must be one of Entente");
        what_was_tried_is_confirmed();
    }
}
