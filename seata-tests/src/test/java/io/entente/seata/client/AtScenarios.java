package io.entente.seata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.testkit.database.TestDatabase.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** AT mode on one database, which two services share. */
final class AtScenarios {
    private static final String FULL = "1:100 2:100 3:100";

    private final Kind kind;

    private AtScenarios(Kind kind) {
        this.kind = kind;
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (Kind kind : Estate.KINDS) {
            AtScenarios on = new AtScenarios(kind);
            all.add(on.scenario("several services commit", on::services_commit));
            all.add(on.scenario("a rollback puts the rows of several services back", on::services_roll_back));
            all.add(on.scenario(
                    "`@GlobalTransactional` commits, and rolls back when the method throws", on::annotation));
            all.add(on.scenario("a transaction whose time is up is rolled back, its commit throws", on::timeout));
            all.add(on.scenario("the commit of what somebody else rolled back throws", on::outsider));
            all.add(on.scenario("a locked row is refused until it is free", on::conflict));
            all.add(on.scenario("who waits for a row gets it once it is free", on::waiting));
            all.add(on.scenario("`SELECT … FOR UPDATE` is refused until the row is free", on::select_for_update));
            all.add(on.scenario("many transactions at once, requests in batches", e -> on.many(e, e.orders())));
            all.add(on.scenario("many transactions at once, each request by itself", e -> on.many(e, e.stock())));
            all.add(on.scenario("a restart of the coordinator in the middle of a transaction", on::restart));
            all.add(on.scenario("`@GlobalLock` is refused until the row is free", on::global_lock));
        }
        return all;
    }

    private Scenario scenario(String name, Scenario.Body body) {
        return new Scenario(
                "AT on " + (kind == Kind.MARIADB ? "MariaDB" : "PostgreSQL"), name, SeataVersion.V1_4_2, estate -> {
                    estate.stockUp(kind);
                    body.run(estate);
                });
    }

    private String take(int id, int count) {
        return "update " + kind + " UPDATE stock SET n = n - " + count + " WHERE id = " + id;
    }

    private String inOneLocalTransaction() {
        return "local " + kind + " UPDATE stock SET n = n - 10 WHERE id = 2;DELETE FROM stock WHERE id = 3;"
                + "INSERT INTO stock VALUES (4, 'fig', 7)";
    }

    private void awaitNoUndoRows(Estate estate) {
        await().atMost(Estate.PATIENCE).until(() -> estate.undoRows(kind) == 0);
    }

    private void services_commit(Estate estate) {
        String xid = estate.orders().ask("begin", "60000");
        assertThat(xid).startsWith(estate.coordinator().address() + ":");
        estate.orders().ask("do", take(1, 5));
        estate.stock().ask("join", xid);
        estate.stock().ask("do", inOneLocalTransaction());
        estate.stock().ask("leave");
        assertThat(estate.undoRows(kind)).isEqualTo(2);

        assertThat(estate.orders().ask("commit")).isEqualTo("Committed");

        assertThat(estate.inStock(kind)).isEqualTo("1:95 2:90 4:7");
        awaitNoUndoRows(estate);
    }

    private void services_roll_back(Estate estate) {
        String xid = estate.stock().ask("begin", "60000");
        estate.stock().ask("do", inOneLocalTransaction());
        estate.orders().ask("join", xid);
        estate.orders().ask("do", take(1, 5), take(1, 5));
        estate.orders().ask("leave");
        assertThat(estate.inStock(kind)).isEqualTo("1:90 2:90 4:7");

        assertThat(estate.stock().ask("rollback")).isEqualTo("Rollbacked");

        assertThat(estate.inStock(kind)).isEqualTo(FULL);
        assertThat(estate.undoRows(kind)).isZero();
    }

    private void annotation(Estate estate) {
        assertThat(estate.orders().tell("transactional", take(1, 5), inOneLocalTransaction(), "fail"))
                .contains("as told");
        assertThat(estate.inStock(kind)).isEqualTo(FULL);

        estate.orders().ask("transactional", take(1, 5), inOneLocalTransaction());
        assertThat(estate.inStock(kind)).isEqualTo("1:95 2:90 4:7");
        awaitNoUndoRows(estate);
    }

    private void timeout(Estate estate) throws Exception {
        var bought = estate.orders()
                .start("transactional", take(1, 5), "until " + kind + " 100 SELECT n FROM stock WHERE id = 1");
        await().atMost(Estate.PATIENCE).until(() -> !estate.inStock(kind).equals(FULL));
        estate.coordinator().advanceTime(Duration.ofSeconds(61));

        assertThat(bought.get()).startsWith("failed");
        assertThat(estate.inStock(kind)).isEqualTo(FULL);
    }

    private void outsider(Estate estate) throws Exception {
        var bought = estate.orders()
                .start("transactional", take(1, 5), "until " + kind + " 100 SELECT n FROM stock WHERE id = 1");
        await().atMost(Estate.PATIENCE).until(() -> !estate.inStock(kind).equals(FULL));
        estate.stock().ask("rollback-other", estate.onlyTransaction());

        assertThat(bought.get()).startsWith("failed");
        assertThat(estate.inStock(kind)).isEqualTo(FULL);
    }

    private void conflict(Estate estate) {
        estate.orders().ask("begin", "60000");
        estate.orders().ask("do", take(1, 5));
        estate.stock().ask("begin", "60000");
        assertThat(estate.stock().tell("do", take(1, 7))).startsWith("failed").contains("LockWaitTimeoutException");
        assertThat(estate.inStock(kind)).isEqualTo("1:95 2:100 3:100");

        estate.orders().ask("commit");

        estate.stock().ask("do", take(1, 7));
        estate.stock().ask("commit");
        assertThat(estate.inStock(kind)).isEqualTo("1:88 2:100 3:100");
    }

    private void waiting(Estate estate) throws Exception {
        estate.orders().ask("begin", "60000");
        estate.orders().ask("do", take(1, 5));
        estate.stock().ask("begin", "60000");
        var taken = estate.stock().start("do", take(1, 7));
        estate.orders().ask("rollback");
        // On a slow machine its patience may be at an end before the rollback was.
        if (taken.get().startsWith("failed")) {
            estate.stock().ask("do", take(1, 7));
        }
        assertThat(estate.inStock(kind)).isEqualTo("1:93 2:100 3:100");
        estate.stock().ask("rollback");
        assertThat(estate.inStock(kind)).isEqualTo(FULL);
    }

    private void select_for_update(Estate estate) {
        String query = "query " + kind + " SELECT n FROM stock WHERE id = 1 FOR UPDATE";
        estate.orders().ask("begin", "60000");
        estate.orders().ask("do", take(1, 5));
        estate.stock().ask("begin", "60000");
        assertThat(estate.stock().tell("do", query)).startsWith("failed").contains("LockWaitTimeoutException");

        estate.orders().ask("rollback");

        assertThat(estate.stock().ask("do", query)).isEqualTo("100");
        estate.stock().ask("commit");
    }

    private void global_lock(Estate estate) {
        estate.orders().ask("begin", "60000");
        estate.orders().ask("do", take(1, 5));
        assertThat(estate.stock().tell("locked", take(1, 7)))
                .startsWith("failed")
                .contains("LockWaitTimeoutException");
        assertThat(estate.inStock(kind)).isEqualTo("1:95 2:100 3:100");

        estate.orders().ask("rollback");

        estate.stock().ask("locked", take(1, 7));
        assertThat(estate.inStock(kind)).isEqualTo("1:93 2:100 3:100");
    }

    private void many(Estate estate, Shop shop) {
        String insert = "update " + kind + " INSERT INTO stock VALUES (1#, 'nut', 1)";
        String update = "update " + kind + " UPDATE stock SET n = 2 WHERE id = 1#";
        assertThat(shop.ask("parallel", "6", insert, update, "fail")).isEqualTo("0");
        assertThat(estate.inStock(kind)).isEqualTo(FULL);

        assertThat(shop.ask("parallel", "6", insert, update)).isEqualTo("6");
        assertThat(estate.inStock(kind)).isEqualTo(FULL + " 10:2 11:2 12:2 13:2 14:2 15:2");
        awaitNoUndoRows(estate);
    }

    private void restart(Estate estate) {
        String xid = estate.orders().ask("begin", "600000");
        estate.orders().ask("do", take(1, 5));

        estate.coordinator().restart();

        // A client that has not noticed yet waits for its answer in vain.
        await().atMost(Estate.PATIENCE)
                .until(() -> estate.orders().tell("do", take(2, 5)).startsWith("ok"));
        estate.stock().ask("join", xid);
        await().atMost(Estate.PATIENCE)
                .until(() -> estate.stock().tell("do", take(3, 5)).startsWith("ok"));
        estate.stock().ask("leave");
        assertThat(estate.inStock(kind)).isEqualTo("1:95 2:95 3:95");

        assertThat(estate.orders().ask("rollback")).isEqualTo("Rollbacked");
        assertThat(estate.inStock(kind)).isEqualTo(FULL);
    }
}
