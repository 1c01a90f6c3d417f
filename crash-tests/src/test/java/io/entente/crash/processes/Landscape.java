package io.entente.crash.processes;

import io.entente.crash.Site;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.process.CoordinatorProgram;
import io.entente.testkit.database.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.tools.Server;

/**
 * Three members of a cluster, three services on a database each, and the network between them. Each process has a file of its
 * own with the addresses of the others, by which all that it says to each of them takes a way of its own.
 */
final class Landscape implements AutoCloseable {
    static final int START_BALANCE = 1_000;

    private static final List<String> MEMBERS = List.of("tc1", "tc2", "tc3");
    private static final List<TestDatabase.Kind> KINDS =
            List.of(TestDatabase.Kind.POSTGRESQL, TestDatabase.Kind.MARIADB, TestDatabase.Kind.H2);

    private final Path directory;
    private final Control control;
    private final Network network = new Network();
    private final Server h2;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> names = new ArrayList<>(MEMBERS);
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Site> sites = new LinkedHashMap<>();
    private final Map<String, ClusterMember> ports = new LinkedHashMap<>();

    private Landscape(Path directory, Control control) throws SQLException {
        this.directory = directory;
        this.control = control;
        this.h2 = Server.createTcpServer("-tcpPort", "0").start();
    }

    static Landscape start(Path directory, Control control) throws IOException, SQLException {
        Landscape landscape = new Landscape(directory, control);
        try {
            landscape.open();
            return landscape;
        } catch (IOException | SQLException | RuntimeException e) {
            landscape.close();
            throw e;
        }
    }

    private void open() throws IOException, SQLException {
        for (TestDatabase.Kind kind : KINDS) {
            String service = "bank" + (sites.size() + 1);
            Site site = Site.create(TestDatabase.of(kind), service, "faults");
            for (Payment.Mode mode : List.of(Payment.Mode.AT_ADDING, Payment.Mode.TCC)) {
                for (int i = 0; i < Payment.ACCOUNTS; i++) {
                    site.run("INSERT INTO account VALUES ('" + mode.account(i) + "', " + START_BALANCE + ", 0)");
                }
            }
            sites.put(service, site);
            names.add(service);
        }
        List<ClusterMember> free = FreeMembers.addresses(names.size());
        for (int i = 0; i < names.size(); i++) {
            ClusterMember at = free.get(i);
            ports.put(names.get(i), new ClusterMember(names.get(i), at.port(), at.httpPort(), at.raftPort()));
        }
        for (String name : names) {
            connect(name);
            nodes.put(name, MEMBERS.contains(name) ? member(name) : service(name));
        }
        atOnce(Node::start);
    }

    private interface Action {
        void on(Node node) throws IOException, InterruptedException;
    }

    private void atOnce(Action action) throws IOException {
        List<CompletableFuture<Void>> all = nodes.values().stream()
                .map(node -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                action.on(node);
                            } catch (IOException | InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        },
                        threads))
                .toList();
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new IOException("a process does not start: " + e.getCause(), e);
        }
    }

    private void connect(String name) throws IOException {
        StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
        hosts.append("127.0.0.1 ")
                .append(InetAddress.getLocalHost().getHostName())
                .append('\n');
        int self = names.indexOf(name);
        for (String other : names) {
            int index = names.indexOf(other);
            InetAddress seen = Network.address(self, index);
            hosts.append(seen.getHostAddress()).append(' ').append(other).append('\n');
            if (index != self) {
                for (int port : List.of(port(other).port(), port(other).raftPort())) {
                    network.connect(
                            name,
                            new InetSocketAddress(seen, port),
                            other,
                            new InetSocketAddress(Network.address(index, index), port));
                }
            }
        }
        Files.writeString(hostsFile(name), hosts);
    }

    private Path hostsFile(String name) {
        return directory.resolve(name + ".hosts");
    }

    private ClusterMember port(String name) {
        return Objects.requireNonNull(ports.get(name), name);
    }

    private String bindAddress(String name) throws IOException {
        int self = names.indexOf(name);
        return Network.address(self, self).getHostAddress();
    }

    private String addressesOf(List<String> some) {
        return some.stream().map(each -> port(each).address()).collect(Collectors.joining(","));
    }

    private List<String> options(String name, String heap) {
        return List.of(
                heap,
                "-XX:+UseSerialGC",
                "-Djdk.net.hosts.file=" + hostsFile(name),
                "-Dlogback.configurationFile=process-logback.xml");
    }

    private Node member(String name) throws IOException {
        Path data = directory.resolve(name);
        List<String> arguments = List.of(
                "--server.address=" + bindAddress(name),
                "--server.port=" + port(name).httpPort(),
                "--entente.tc.host=" + name,
                "--entente.tc.port=" + port(name).port(),
                "--entente.tc.data-directory=" + data,
                "--entente.tc.snapshot-megabytes=1",
                "--entente.tc.cluster.self=" + port(name),
                "--entente.tc.cluster.members="
                        + MEMBERS.stream().map(each -> port(each).toString()).collect(Collectors.joining(",")));
        return new Node(name, CoordinatorProgram.class, options(name, "-Xmx256m"), arguments, log(name), () -> {
            if (control == Control.EMPTY_LOGS) {
                delete(data);
            }
        });
    }

    private Node service(String name) throws IOException {
        Site site = site(name);
        TestDatabase database = site.database();
        // Other processes reach the memory of this one.
        String url = database.jdbcUrl(site.name()).replace("jdbc:h2:mem:", "jdbc:h2:" + h2.getURL() + "/mem:");
        List<String> arguments = List.of(
                name,
                bindAddress(name),
                String.valueOf(port(name).port()),
                addressesOf(MEMBERS),
                addressesOf(services()),
                url,
                database.user(),
                database.password(),
                toldFile(name).toString(),
                control.name());
        return new Node(name, Service.class, options(name, "-Xmx192m"), arguments, log(name), () -> {});
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    private Path toldFile(String service) {
        return directory.resolve(service + "-was-told.txt");
    }

    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    List<String> members() {
        return MEMBERS;
    }

    List<String> services() {
        return List.copyOf(sites.keySet());
    }

    Network network() {
        return network;
    }

    Node node(String name) {
        return Objects.requireNonNull(nodes.get(name), name);
    }

    Site site(String service) {
        return Objects.requireNonNull(sites.get(service), service);
    }

    /** {@code host:port} where this process reaches the service itself. */
    String serviceAddress(String service) throws IOException {
        return bindAddress(service) + ":" + port(service).port();
    }

    ClusterApi api() throws IOException {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String member : MEMBERS) {
            addresses.put(member, bindAddress(member) + ":" + port(member).httpPort());
        }
        return new ClusterApi(
                addresses,
                MEMBERS.stream()
                        .collect(Collectors.toMap(
                                each -> each, each -> port(each).address())));
    }

    /** All that services were told, in all their lives. */
    Map<String, Told> told() throws IOException {
        return Told.read(services().stream().map(this::toldFile).toList());
    }

    /** Everybody lives and hears everybody. */
    void heal() throws IOException {
        network.heal();
        atOnce(Node::restore);
    }

    @Override
    public void close() {
        for (Node node : nodes.values()) {
            try {
                node.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.shutdownNow();
        network.close();
        sites.values().forEach(Site::close);
        h2.stop();
    }
}
