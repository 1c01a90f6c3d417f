package io.entente.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;

/** Real coordinators in a real ZooKeeper, and an application that knows no address of theirs. */
class ZooKeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private TestingServer zooKeeper;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {}

    @BeforeEach
    void startRegistry() throws Exception {
        zooKeeper = new TestingServer(true);
        open.push(zooKeeper);
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private ServerProcess coordinator(ClusterMember address, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--spring.cloud.zookeeper.connect-string=" + zooKeeper.getConnectString());
        all.add("--spring.cloud.zookeeper.discovery.instance-host=127.0.0.1");
        ServerProcess started = ServerProcess.start(address, directory.resolve(address.port() + ".log"), all);
        open.push(started);
        return started;
    }

    private static void awaitReady(ServerProcess coordinator) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(coordinator.probe("readiness"))
                        .as(coordinator::logged)
                        .isEqualTo(200));
    }

    private ConfigurableApplicationContext shop() {
        ConfigurableApplicationContext shop = new SpringApplicationBuilder(Shop.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--entente.server=discovery:entente-coordinator",
                        "--entente.startup-wait=60s",
                        "--entente.application-id=shop",
                        "--spring.cloud.zookeeper.connect-string=" + zooKeeper.getConnectString());
        open.push(shop);
        return shop;
    }

    /** The coordinator that was asked, as an XID begins with it. */
    private static String purchase(ConfigurableApplicationContext shop) {
        String xid = shop.getBean(GlobalTransactionTemplate.class)
                .execute("purchase", () -> String.valueOf(TransactionContext.xid()));
        return xid.substring(0, xid.lastIndexOf(':'));
    }

    @Test
    void when_a_coordinator_dies_and_starts_again_elsewhere_the_application_finds_it() throws Exception {
        List<ClusterMember> addresses = FreeMembers.addresses(2);
        String data = "--entente.tc.data-directory=" + directory.resolve("data");
        ServerProcess first = coordinator(addresses.get(0), data);
        awaitReady(first);
        ConfigurableApplicationContext shop = shop();
        assertThat(purchase(shop)).isEqualTo(first.address().address());
        assertThat(shop.getBean(DiscoveryClient.class).getInstances("entente-coordinator"))
                .singleElement()
                .satisfies(instance -> {
                    assertThat(instance.getPort()).isEqualTo(first.address().httpPort());
                    assertThat(instance.getMetadata())
                            .containsEntry(
                                    "entente-rpc-port",
                                    String.valueOf(first.address().port()));
                });

        first.close();
        ServerProcess second = coordinator(addresses.get(1), data);
        awaitReady(second);

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(purchase(shop)).isEqualTo(second.address().address()));
    }

    @Test
    void an_application_goes_to_the_leader_of_a_registered_cluster_and_follows_the_lead() throws Exception {
        List<ClusterMember> addresses = FreeMembers.addresses(3);
        String members = addresses.stream().map(ClusterMember::toString).collect(Collectors.joining(","));
        Map<String, ServerProcess> running = new LinkedHashMap<>();
        for (ClusterMember address : addresses) {
            running.put(
                    address.address(),
                    coordinator(
                            address,
                            "--entente.tc.data-directory=" + directory.resolve("data-" + address.port()),
                            "--entente.tc.cluster.self=" + address,
                            "--entente.tc.cluster.members=" + members));
        }
        running.values().forEach(ZooKeeperTest::awaitReady);
        ConfigurableApplicationContext shop = shop();
        String leader = purchase(shop);
        assertThat(running.get(leader).leads()).isTrue();

        running.remove(leader).close();

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(purchase(shop)).isIn(running.keySet()));
        running.values().forEach(ZooKeeperTest::awaitReady);
        assertThat(running.values().stream().filter(ServerProcess::leads)).hasSize(1);
        for (ServerProcess member : running.values()) {
            assertThat(member.probe("liveness")).isEqualTo(200);
        }
    }
}
