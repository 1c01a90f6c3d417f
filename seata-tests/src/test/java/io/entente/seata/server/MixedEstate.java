package io.entente.seata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.rm.jdbc.RowLockWaitTimeoutException;
import io.entente.seata.client.SeataVersion;
import io.entente.seata.client.Shop;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.TransactionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service on our client and one on Seata's, which call each other over HTTP and write the same tables in the same global
 * transactions. On MariaDB and on PostgreSQL, which lock keys name tables of differently; with a coordinator of ours and
 * with Seata's server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MixedEstate {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TransactionOptions PURCHASE = TransactionOptions.named("purchase");
    private static final String ONE = "UPDATE stock SET n = n - 5 WHERE id = 1";
    private static final String TWO = "UPDATE stock SET n = n - 5 WHERE id = 2";

    private final Kind kind;
    private final SeataVersion version;
    private Tables tables;
    private OurShop ours;
    private Shop theirs;
    private String theirUrl;

    private static final class StoppedOnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    MixedEstate(Kind kind, SeataVersion version) {
        this.kind = kind;
        this.version = version;
    }

    /** Returns where the coordinator is. */
    abstract String startCoordinator() throws Exception;

    abstract void stopCoordinator() throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        String coordinator = startCoordinator();
        tables = Tables.create(kind, "mixed_" + getClass().getSimpleName().toLowerCase(Locale.ROOT));
        theirs = Shop.start(
                version,
                "their-shop",
                List.of("service.default.grouplist=" + coordinator, "client.rm.lock.retryTimes=10"),
                directory.resolve("their-shop.log"));
        ours = OurShop.start("our-shop", coordinator, tables.server(), tables.name());
        theirs.awaitReady();
        theirs.ask(
                "source",
                "db",
                "AT",
                version.jdbcUrl(tables.server(), tables.name()),
                tables.server().user(),
                tables.server().password());
        theirUrl = theirs.ask("serve");
    }

    @AfterAll
    void stop() throws Exception {
        ours.close();
        theirs.close();
        stopCoordinator();
    }

    @BeforeEach
    void stockUp() {
        tables.stockUp();
    }

    private void awaitNoUndoRows() {
        await().atMost(PATIENCE).until(() -> tables.undoRows() == 0);
    }

    private static String theirStep(String sql) {
        return "update db " + sql;
    }

    @Test
    void ours_calls_theirs_and_both_commit() {
        ours.in(PURCHASE, () -> {
            ours.jdbc().update(ONE);
            assertThat(ours.call(theirUrl, theirStep(TWO))).isEqualTo("1");
            assertThat(tables.undoRows()).isEqualTo(2);
            return null;
        });
        assertThat(tables.stock()).isEqualTo("1:95 2:95 3:100");
        awaitNoUndoRows();
    }

    @Test
    void ours_calls_theirs_and_both_roll_back() {
        assertThatThrownBy(() -> ours.in(PURCHASE, () -> {
                    ours.jdbc().update(ONE);
                    ours.call(theirUrl, theirStep(TWO) + "\n" + theirStep("DELETE FROM stock WHERE id = 3"));
                    throw new StoppedOnPurpose();
                }))
                .isInstanceOf(StoppedOnPurpose.class);
        assertThat(tables.stock()).isEqualTo(Tables.FULL);
        awaitNoUndoRows();
    }

    @Test
    void theirs_calls_ours_and_both_commit() {
        theirs.ask("begin", "60000");
        theirs.ask("do", theirStep(ONE));
        assertThat(theirs.ask("call", ours.url(), TWO)).isEqualTo("1");
        assertThat(theirs.ask("commit")).isEqualTo("Committed");
        assertThat(tables.stock()).isEqualTo("1:95 2:95 3:100");
        awaitNoUndoRows();
    }

    @Test
    void theirs_calls_ours_and_both_roll_back() {
        theirs.ask("begin", "60000");
        theirs.ask("do", theirStep(ONE));
        theirs.ask("call", ours.url(), TWO, "DELETE FROM stock WHERE id = 3", "INSERT INTO stock VALUES (4, 'fig', 1)");
        assertThat(tables.stock()).isEqualTo("1:95 2:95 4:1");
        assertThat(theirs.ask("rollback")).isEqualTo("Rollbacked");
        assertThat(tables.stock()).isEqualTo(Tables.FULL);
        awaitNoUndoRows();
    }

    @Test
    void what_fails_at_the_other_is_an_error_to_the_caller() {
        theirs.ask("begin", "60000");
        assertThat(theirs.tell("call", ours.url(), ONE, "UPDATE nothing SET n = 1"))
                .startsWith("failed")
                .contains("500");
        theirs.ask("rollback");
        assertThat(tables.stock()).isEqualTo(Tables.FULL);

        assertThatThrownBy(() -> ours.in(
                        PURCHASE,
                        () -> ours.call(theirUrl, theirStep(ONE) + "\n" + theirStep("UPDATE nothing SET n = 1"))))
                .hasMessageContaining("500");
        assertThat(tables.stock()).isEqualTo(Tables.FULL);
        awaitNoUndoRows();
    }

    @Test
    void the_later_of_two_branches_on_a_row_is_undone_first() {
        assertThatThrownBy(() -> ours.in(PURCHASE, () -> {
                    ours.jdbc().update("UPDATE stock SET n = 7 WHERE id = 1");
                    ours.call(theirUrl, theirStep("UPDATE stock SET n = 8 WHERE id = 1"));
                    ours.jdbc().update("UPDATE stock SET n = 9 WHERE id = 1");
                    ours.call(theirUrl, theirStep("UPDATE stock SET n = 100 WHERE id = 1"));
                    throw new StoppedOnPurpose();
                }))
                .isInstanceOf(StoppedOnPurpose.class);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(tables.stock()).isEqualTo(Tables.FULL));
        awaitNoUndoRows();
    }

    /** Also where a key has what separates rows in a lock key. */
    @Test
    void a_row_of_theirs_is_not_to_be_had_by_ours() {
        for (String where : List.of("item = 'a_b' AND region = 'c'", "item = '50%' AND region = '12:30'")) {
            theirs.ask("begin", "60000");
            theirs.ask("do", theirStep(ONE), theirStep("UPDATE price SET n = 8 WHERE " + where));
            assertThatThrownBy(() -> ours.in(PURCHASE, () -> ours.jdbc().update(ONE)))
                    .hasCauseInstanceOf(RowLockWaitTimeoutException.class);
            assertThatThrownBy(
                            () -> ours.in(PURCHASE, () -> ours.jdbc().update("UPDATE price SET n = 9 WHERE " + where)))
                    .hasCauseInstanceOf(RowLockWaitTimeoutException.class);
            theirs.ask("rollback");
        }
        assertThat(tables.stock()).isEqualTo(Tables.FULL);
        ours.in(PURCHASE, () -> ours.jdbc().update(ONE));
        awaitNoUndoRows();
    }

    @Test
    void a_row_of_ours_is_not_to_be_had_by_theirs() {
        for (String where : List.of("item = 'a_b' AND region = 'c'", "item = '50%' AND region = '12:30'")) {
            assertThatThrownBy(() -> ours.in(PURCHASE, () -> {
                        ours.jdbc().update(ONE);
                        ours.jdbc().update("UPDATE price SET n = 8 WHERE " + where);
                        theirs.ask("begin", "60000");
                        assertThat(theirs.tell("do", theirStep(ONE)))
                                .startsWith("failed")
                                .contains("LockWaitTimeoutException");
                        assertThat(theirs.tell("do", theirStep("UPDATE price SET n = 9 WHERE " + where)))
                                .startsWith("failed")
                                .contains("LockWaitTimeoutException");
                        theirs.ask("rollback");
                        throw new StoppedOnPurpose();
                    }))
                    .isInstanceOf(StoppedOnPurpose.class);
        }
        assertThat(tables.stock()).isEqualTo(Tables.FULL);
        awaitNoUndoRows();
    }
}
