package io.entente.seata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.process.ChildProcess;
import io.entente.tc.process.CoordinatorProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications on Seata's client with {@code registry.type=raft} go on when the coordinator that leads is killed. */
class SeataFailoverTest {
    /** The first with such a registry. */
    static final SeataVersion SINCE = SeataVersion.V2_0_0;

    private static final Path LOGS = Path.of("target", "seata-clients");
    private static final List<ClusterMember> MEMBERS = FreeMembers.addresses(3);
    private static final Map<ClusterMember, ChildProcess> RUNNING = new HashMap<>();

    @TempDir
    static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    static List<SeataVersion> versions() {
        return SeataClientsTest.versions().toList();
    }

    @BeforeAll
    static void start() throws IOException {
        for (ClusterMember member : MEMBERS) {
            start(member);
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        for (ChildProcess process : RUNNING.values()) {
            process.close();
        }
    }

    private static void start(ClusterMember member) throws IOException {
        RUNNING.put(
                member,
                ChildProcess.start(
                        CoordinatorProgram.class,
                        List.of("-Xmx256m"),
                        List.of(
                                "--server.port=" + member.httpPort(),
                                "--entente.tc.port=" + member.port(),
                                "--entente.tc.data-directory=" + directory.resolve("node-" + member.port()),
                                "--entente.tc.cluster.self=" + member,
                                "--entente.tc.cluster.members="
                                        + MEMBERS.stream()
                                                .map(ClusterMember::toString)
                                                .collect(Collectors.joining(",")),
                                "--entente.tc.cluster.election-timeout=1s"),
                        directory.resolve("node-" + member.port() + ".log")));
    }

    private int send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest.Builder at(ClusterMember member, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + member.httpPort() + path));
    }

    private ClusterMember leader() {
        return await().atMost(Estate.PATIENCE)
                .until(
                        () -> MEMBERS.stream()
                                .filter(member -> send(at(member, "/actuator/health/leader")) == 200)
                                .findFirst()
                                .orElse(null),
                        member -> member != null);
    }

    private static Shop shop(SeataVersion version) throws IOException {
        return Shop.start(
                version,
                "orders",
                List.of(
                        "registry.type=raft",
                        "registry.raft.serverAddr="
                                + MEMBERS.stream()
                                        .map(member -> member.host() + ":" + member.httpPort())
                                        .collect(Collectors.joining(","))),
                Files.createDirectories(LOGS).toAbsolutePath().resolve(version + "-raft.log"));
    }

    private static void purchase(Shop shop, ClusterMember leader) {
        await().atMost(Estate.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(shop.tell("transactional", "freeze ann 1", "xid"))
                        .startsWith("ok true " + leader.address()));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void it_goes_on_with_the_next_leader(SeataVersion version) throws Exception {
        ClusterMember first = leader();
        try (Shop shop = shop(version)) {
            if (!version.isAtLeast(SINCE)) {
                assertThatThrownBy(() -> shop.awaitReady().ask("transactional", "freeze ann 1"))
                        .as("the table says that it cannot")
                        .isInstanceOfAny(IOException.class, AssertionError.class);
                return;
            }
            shop.awaitReady();
            purchase(shop, first);

            RUNNING.get(first).kill();
            ClusterMember second = leader();
            purchase(shop, second);
            start(first);

            shop.ask("begin", "60000");
            shop.ask("do", "freeze bob 1");
            assertThat(send(at(second, "/api/cluster/leader")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"member\": \"" + first.address() + "\"}"))))
                    .isEqualTo(200);
            // It may not have heard of it; then a commit throws, and is never taken for done.
            assertThat(shop.tell("commit")).matches("ok Committed|failed .*");
            purchase(shop, first);
        }
    }
}
