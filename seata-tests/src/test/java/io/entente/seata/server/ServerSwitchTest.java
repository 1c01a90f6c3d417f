package io.entente.seata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.seata.client.SeataVersion;
import io.entente.seata.client.Shop;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.TransactionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator is exchanged at rest, under the same address, while services of both kinds run; and back. */
class ServerSwitchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ONE = "UPDATE stock SET n = n - 1 WHERE id = 1";
    private static final String TWO = "UPDATE stock SET n = n - 1 WHERE id = 2";

    @Test
    void services_go_on_with_whoever_coordinates(@TempDir Path directory) throws Exception {
        Tables tables = Tables.create(Kind.POSTGRESQL, "server_switch");
        tables.stockUp();
        SeataVersion version = SeataVersion.V2_6_0;
        try (SeataServer seata = SeataServer.start(
                        Path.of("").toAbsolutePath(), List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
                Shop theirs = Shop.start(
                        version,
                        "their-shop",
                        List.of("service.default.grouplist=" + seata.address()),
                        directory.resolve("their-shop.log"));
                OurShop ours = OurShop.start("our-shop", seata.address(), tables.server(), tables.name())) {
            theirs.awaitReady();
            theirs.ask(
                    "source",
                    "db",
                    "AT",
                    version.jdbcUrl(tables.server(), tables.name()),
                    tables.server().user(),
                    tables.server().password());
            String url = theirs.ask("serve");
            purchase(ours, theirs, url, tables, "1:99 2:99 3:100");

            seata.kill();
            try (EmbeddedCoordinator entente = EmbeddedCoordinator.start(settings -> settings.withPort(seata.port()))) {
                awaitBoth(ours, theirs);
                purchase(ours, theirs, url, tables, "1:98 2:98 3:100");
                assertThat(entente.address()).isEqualTo(seata.address());
            }

            seata.startAgain();
            awaitBoth(ours, theirs);
            purchase(ours, theirs, url, tables, "1:97 2:97 3:100");
        }
    }

    /** Both take part in what either of them begins. */
    private static void purchase(OurShop ours, Shop theirs, String url, Tables tables, String stock) {
        ours.in(TransactionOptions.named("purchase"), () -> {
            ours.jdbc().update("UPDATE stock SET item = 'x' WHERE id = 3");
            return ours.call(url, "update db UPDATE stock SET item = 'y' WHERE id = 2");
        });
        theirs.ask("begin", "60000");
        theirs.ask("do", "update db " + ONE);
        theirs.ask("call", ours.url(), TWO);
        assertThat(theirs.ask("commit")).isEqualTo("Committed");
        assertThat(tables.stock()).isEqualTo(stock);
        await().atMost(PATIENCE).until(() -> tables.undoRows() == 0);
    }

    private static void awaitBoth(OurShop ours, Shop theirs) {
        await().atMost(PATIENCE)
                .until(() -> theirs.tell("begin", "60000").startsWith("ok")
                        && theirs.tell("do", "update db UPDATE stock SET item = 'z' WHERE id = 1")
                                .startsWith("ok")
                        && theirs.tell("commit").startsWith("ok"));
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(RuntimeException.class)
                .until(() -> {
                    ours.in(
                            TransactionOptions.named("probe"),
                            () -> ours.jdbc().update("UPDATE stock SET item = 'z' WHERE id = 1"));
                    return true;
                });
    }
}
