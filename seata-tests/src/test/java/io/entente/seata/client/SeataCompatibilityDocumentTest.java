package io.entente.seata.client;

import io.entente.tc.document.GeneratedDocument;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeataCompatibilityDocumentTest {
    private static final String HEAD = """
            # Seata's clients at Entente's coordinator

            Written by the tests that do each of these things with each version of Seata's own client (`seata-all`, with \
            Spring 5.3, on Java 17), in processes that have nothing of Entente's, against a real coordinator and real \
            databases. [How an application changes over](migration.md).

            ✓ seen · – the version cannot, which is seen too
            """;

    private static final String TAIL = """

            What is as it is on Seata's side:

            - Versions 2.4 are not in the Maven repository.
            - Until 1.6 Seata does not know MariaDB: it is a MySQL to it, with MySQL's driver. Its XA wants version 2 of \
            MariaDB's driver, and 1.4 has none for MariaDB.
            - Until 1.5 it needs `--add-opens=java.base/java.lang=ALL-UNNAMED` on Java 17.
            - Until 1.5 its client takes every answer to a commit for success, 1.6 that to a commit of what somebody else \
            rolled back, and all versions that of a coordinator that does not lead. Our coordinator answers these in a way \
            that they take for a failure. So the commit throws, after five tries that follow each other at once; until 1.5 \
            the exception says "Failed to report global commit".
            - How long a row is waited for is the client's own affair (`client.rm.lock.retryTimes` and `retryInterval`); \
            each of its tries waits at the coordinator for `entente.tc.seata-lock-wait`, but those of 1.4 do not.
            - An undo log is written by Jackson here (`client.undo.logSerialization`).

            Not tried: Saga, `registry.type=seata` (naming server), transports other than Seata's own (gRPC), and other \
            serializers than Seata's.
            """;

    @Test
    void the_page_shows_what_is_run() throws IOException {
        Map<String, List<Scenario>> groups = Scenario.all().stream()
                .collect(Collectors.groupingBy(Scenario::group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder(HEAD);
        groups.forEach((group, scenarios) -> {
            page.append(head(group));
            scenarios.forEach(scenario -> page.append(line(scenario.name(), scenario.since())));
        });
        page.append(head("A cluster, with `registry.type=raft`"))
                .append(line("goes on when the leader is killed, or passes the lead on", SeataFailoverTest.SINCE));
        GeneratedDocument.isUpToDate("seata-compatibility.md", page + TAIL);
    }

    private static String head(String group) {
        return "\n## " + group + "\n\n| | " + row(SeataVersion::toString) + "\n|---|"
                + "---|".repeat(SeataVersion.values().length) + "\n";
    }

    private static String line(String name, SeataVersion since) {
        return "| " + name + " | " + row(version -> version.isAtLeast(since) ? "✓" : "–") + "\n";
    }

    private static String row(Function<SeataVersion, String> cell) {
        return Stream.of(SeataVersion.values()).map(cell).collect(Collectors.joining(" | ", "", " |"));
    }
}
