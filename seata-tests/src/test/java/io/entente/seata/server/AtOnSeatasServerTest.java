package io.entente.seata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.rm.jdbc.RowLockWaitTimeoutException;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.GlobalIsolation;
import io.entente.tm.GlobalTransactionNotBegunException;
import io.entente.tm.GlobalTransactionTimedOutException;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** AT mode of our client, with a server of Seata's for a coordinator. */
class AtOnSeatasServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TransactionOptions PURCHASE = TransactionOptions.named("purchase");
    private static final String TAKE = "UPDATE stock SET n = n - 5 WHERE id = 1";
    private static final String SET = "UPDATE stock SET n = 7 WHERE id = 1";

    private static SeataServer seata;
    private static Tap tap;
    private static final Map<Kind, Tables> TABLES = new EnumMap<>(Kind.class);
    private static final Map<Kind, OurShop> SHOPS = new EnumMap<>(Kind.class);

    private static final class StoppedOnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void start() throws Exception {
        seata = SeataServer.start(Path.of("").toAbsolutePath(), List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        tap = new Tap(seata.port());
        for (Kind kind : List.of(Kind.H2, Kind.POSTGRESQL)) {
            Tables tables = Tables.create(kind, "at_on_seata");
            TABLES.put(kind, tables);
            SHOPS.put(kind, OurShop.start("shop-" + kind, tap.address(), tables.server(), tables.name()));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        SHOPS.values().forEach(OurShop::close);
        tap.close();
        seata.close();
    }

    @BeforeEach
    void stockUp() {
        TABLES.values().forEach(Tables::stockUp);
    }

    private static void awaitNoUndoRows() {
        await().atMost(PATIENCE).until(() -> TABLES.values().stream().allMatch(tables -> tables.undoRows() == 0));
    }

    @Test
    void what_several_services_did_is_committed() {
        SHOPS.get(Kind.H2).in(PURCHASE, () -> {
            SHOPS.get(Kind.H2).jdbc().update(TAKE);
            SHOPS.get(Kind.POSTGRESQL).jdbc().update("DELETE FROM stock WHERE id = 2");
            assertThat(TABLES.get(Kind.H2).undoRows()).isOne();
            return null;
        });
        assertThat(TABLES.get(Kind.H2).stock()).isEqualTo("1:95 2:100 3:100");
        assertThat(TABLES.get(Kind.POSTGRESQL).stock()).isEqualTo("1:100 3:100");
        awaitNoUndoRows();
    }

    @Test
    void what_several_services_did_is_rolled_back() {
        assertThatThrownBy(() -> SHOPS.get(Kind.POSTGRESQL).in(PURCHASE, () -> {
                    SHOPS.get(Kind.H2).jdbc().update(TAKE);
                    SHOPS.get(Kind.POSTGRESQL).jdbc().update("DELETE FROM stock WHERE id = 2");
                    SHOPS.get(Kind.POSTGRESQL).jdbc().update("INSERT INTO stock VALUES (4, 'fig', 1)");
                    throw new StoppedOnPurpose();
                }))
                .isInstanceOf(StoppedOnPurpose.class);
        TABLES.values().forEach(tables -> assertThat(tables.stock()).isEqualTo(Tables.FULL));
        awaitNoUndoRows();
    }

    /** The server asks for the first of them first. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"H2", "POSTGRESQL"})
    void several_branches_on_one_row_are_rolled_back(Kind kind) {
        OurShop shop = SHOPS.get(kind);
        assertThatThrownBy(() -> shop.in(PURCHASE, () -> {
                    shop.jdbc().update(SET);
                    shop.jdbc().update("UPDATE stock SET n = 100 WHERE id = 1");
                    shop.jdbc().update("UPDATE stock SET n = 9 WHERE id = 1");
                    shop.jdbc().update("UPDATE stock SET item = 'x', n = 8 WHERE id IN (1, 2)");
                    throw new StoppedOnPurpose();
                }))
                .isInstanceOf(StoppedOnPurpose.class);
        assertThat(TABLES.get(kind).stock()).isEqualTo(Tables.FULL);
        awaitNoUndoRows();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"H2", "POSTGRESQL"})
    void whoever_takes_too_long_is_rolled_back_and_told(Kind kind) {
        OurShop shop = SHOPS.get(kind);
        assertThatThrownBy(() -> shop.in(PURCHASE.withTimeout(Duration.ofSeconds(1)), () -> {
                    shop.jdbc().update(TAKE);
                    await().atMost(PATIENCE)
                            .until(() -> TABLES.get(kind).stock().equals(Tables.FULL));
                    return null;
                }))
                .isInstanceOf(GlobalTransactionTimedOutException.class);
        assertThat(TABLES.get(kind).stock()).isEqualTo(Tables.FULL);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"H2", "POSTGRESQL"})
    void a_row_of_another_is_not_to_be_had(Kind kind) {
        OurShop shop = SHOPS.get(kind);
        shop.in(PURCHASE, () -> {
            shop.jdbc().update(SET);
            try (var apart = TransactionContext.suspend()) {
                assertThatThrownBy(() ->
                                shop.in(PURCHASE, () -> shop.jdbc().update("UPDATE stock SET n = 1 WHERE id = 1")))
                        .hasCauseInstanceOf(RowLockWaitTimeoutException.class);
                assertThatThrownBy(() -> shop.in(
                                PURCHASE,
                                () -> shop.jdbc().queryForList("SELECT n FROM stock WHERE id = 1 FOR UPDATE")))
                        .hasCauseInstanceOf(RowLockWaitTimeoutException.class);
                try (var lock = TransactionContext.underGlobalLock(null)) {
                    assertThatThrownBy(() -> shop.jdbc().update("UPDATE stock SET n = 2 WHERE id = 1"))
                            .hasCauseInstanceOf(RowLockWaitTimeoutException.class);
                }
                assertThat(TABLES.get(kind).stock()).isEqualTo("1:7 2:100 3:100");
                try (var lock = TransactionContext.underGlobalLock(null)) {
                    shop.jdbc().update("UPDATE stock SET n = 2 WHERE id = 2");
                }
            }
            return null;
        });
        assertThat(TABLES.get(kind).stock()).isEqualTo("1:7 2:2 3:100");
        shop.in(PURCHASE, () -> shop.jdbc().queryForList("SELECT n FROM stock WHERE id = 1 FOR UPDATE"));
        awaitNoUndoRows();
    }

    @Test
    void numbers_that_are_only_added_to_are_had_by_one_at_a_time() {
        OurShop shop = SHOPS.get(Kind.POSTGRESQL);
        shop.in(PURCHASE, () -> {
            shop.jdbc().update(TAKE);
            try (var apart = TransactionContext.suspend()) {
                assertThatThrownBy(() -> shop.in(PURCHASE, () -> shop.jdbc().update(TAKE)))
                        .hasCauseInstanceOf(RowLockWaitTimeoutException.class);
            }
            return null;
        });
        assertThat(TABLES.get(Kind.POSTGRESQL).stock()).isEqualTo("1:95 2:100 3:100");
    }

    @Test
    void whoever_waits_gets_the_row_when_it_is_free() throws Exception {
        OurShop shop = SHOPS.get(Kind.POSTGRESQL);
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Integer> other = shop.in(PURCHASE, () -> {
            shop.jdbc().update(SET);
            return CompletableFuture.supplyAsync(() -> {
                try (var apart = TransactionContext.suspend()) {
                    return shop.in(PURCHASE.withLockWait(PATIENCE), () -> {
                        waits.countDown();
                        return shop.jdbc().update("UPDATE stock SET n = n + 1 WHERE id = 1");
                    });
                }
            });
        });
        waits.await();
        assertThat(other.get()).isOne();
        assertThat(TABLES.get(Kind.POSTGRESQL).stock()).isEqualTo("1:8 2:100 3:100");
    }

    @Test
    void committed_reads_are_refused() {
        OurShop shop = SHOPS.get(Kind.H2);
        assertThatThrownBy(() -> shop.in(
                        PURCHASE.withIsolation(GlobalIsolation.READ_COMMITTED),
                        () -> shop.jdbc().queryForList("SELECT n FROM stock")))
                .isInstanceOf(GlobalTransactionNotBegunException.class)
                .hasMessageContainingAll("READ_COMMITTED", "one of Seata", "entente.server");
        try (var lock = TransactionContext.underGlobalLock(null, GlobalIsolation.READ_COMMITTED)) {
            assertThatThrownBy(() -> shop.jdbc().queryForList("SELECT n FROM stock"))
                    .rootCause()
                    .hasMessageContainingAll("READ_COMMITTED", "one of Seata", "entente.server");
        }
    }

    @Test
    void a_server_that_restarts_goes_on_with_what_was_open() throws Exception {
        OurShop shop = SHOPS.get(Kind.POSTGRESQL);
        shop.in(PURCHASE, () -> {
            shop.jdbc().update(TAKE);
            restart();
            shop.jdbc().update("UPDATE stock SET n = n - 5 WHERE id = 2");
            return null;
        });
        assertThat(TABLES.get(Kind.POSTGRESQL).stock()).isEqualTo("1:95 2:95 3:100");
        awaitNoUndoRows();

        assertThatThrownBy(() -> shop.in(PURCHASE, () -> {
                    shop.jdbc().update(TAKE);
                    restart();
                    throw new StoppedOnPurpose();
                }))
                .isInstanceOf(StoppedOnPurpose.class);
        await().atMost(PATIENCE).until(() -> TABLES.get(Kind.POSTGRESQL).stock().equals("1:95 2:95 3:100"));
        awaitNoUndoRows();
    }

    private static void restart() throws Exception {
        seata.kill();
        seata.startAgain();
    }

    /** Besides the one line that asks whether the other understands more. */
    @Test
    void nothing_that_only_ours_understand_is_sent() {
        OurShop shop = SHOPS.get(Kind.POSTGRESQL);
        shop.in(
                PURCHASE,
                () -> new TransactionTemplate(shop.bean(PlatformTransactionManager.class))
                        .execute(local -> shop.jdbc().update(TAKE)));
        stockUp();
        a_row_of_another_is_not_to_be_had(Kind.POSTGRESQL);
        stockUp();
        numbers_that_are_only_added_to_are_had_by_one_at_a_time();
        assertThat(tap.said())
                .contains("stock:1", "{\"autoCommit\":false}", "entente=1")
                .doesNotContain("%(", "lockWait", "holdsNothing", "entente.", "registration");
    }
}
