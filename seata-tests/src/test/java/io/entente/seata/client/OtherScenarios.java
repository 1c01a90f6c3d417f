package io.entente.seata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.testkit.database.TestDatabase.Kind;
import java.util.List;

/** The other modes. */
final class OtherScenarios {
    private OtherScenarios() {}

    static List<Scenario> all() {
        SeataVersion first = SeataVersion.V1_4_2;
        return List.of(
                new Scenario("TCC", "a commit confirms in both services", first, OtherScenarios::confirms),
                new Scenario("TCC", "a confirm that fails is repeated", first, OtherScenarios::confirmsInTheEnd),
                new Scenario("TCC", "a rollback cancels, backwards", first, OtherScenarios::cancels),
                new Scenario(
                        "XA on PostgreSQL",
                        "several services commit and roll back",
                        first,
                        estate -> xa(estate, Kind.POSTGRESQL)),
                new Scenario(
                        "XA on MariaDB",
                        "several services commit and roll back",
                        SeataVersion.V1_5_2,
                        estate -> xa(estate, Kind.MARIADB)));
    }

    private static void confirms(Estate estate) {
        String xid = estate.orders().ask("begin", "60000");
        estate.orders().ask("do", "freeze ann 30");
        estate.stock().ask("join", xid);
        estate.stock().ask("do", "freeze bob 5");
        estate.stock().ask("leave");

        assertThat(estate.orders().ask("commit")).isEqualTo("Committed");

        assertThat(estate.orders().ask("purse")).endsWith("settled ann 30");
        assertThat(estate.stock().ask("purse")).endsWith("settled bob 5");
    }

    private static void confirmsInTheEnd(Estate estate) {
        estate.orders().ask("purse-fails", "2");
        estate.orders().ask("begin", "60000");
        estate.orders().ask("do", "freeze cid 7");

        assertThat(estate.orders().ask("commit")).isEqualTo("CommitRetrying");

        await().atMost(Estate.PATIENCE).until(() -> estate.orders().ask("purse").endsWith("settled cid 7"));
    }

    private static void cancels(Estate estate) {
        assertThat(estate.orders().tell("transactional", "freeze dan 1", "freeze eve 2", "fail"))
                .contains("as told");

        assertThat(estate.orders().ask("purse")).endsWith("released eve 2, released dan 1");
    }

    private static void xa(Estate estate, Kind kind) throws Exception {
        String source = "XA_" + kind;
        estate.stockUp(kind);
        estate.addSource(estate.orders(), source, kind, "XA");
        estate.addSource(estate.stock(), source, kind, "XA");
        for (String end : List.of("rollback", "commit")) {
            String xid = estate.orders().ask("begin", "60000");
            estate.orders().ask("do", "update " + source + " UPDATE stock SET n = n - 5 WHERE id = 1");
            estate.stock().ask("join", xid);
            estate.stock().ask("do", "update " + source + " UPDATE stock SET n = n - 5 WHERE id = 2");
            estate.stock().ask("leave");
            assertThat(estate.inStock(kind)).isEqualTo("1:100 2:100 3:100");

            estate.orders().ask(end);
            estate.awaitQuiet();
        }
        assertThat(estate.inStock(kind)).isEqualTo("1:95 2:95 3:100");
    }
}
