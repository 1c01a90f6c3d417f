package io.entente.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Coordinators that keep the same log, each in a process of its own as its users run it. */
final class ClusterProcesses implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final List<ServerProcess> members = new ArrayList<>();

    private ClusterProcesses() {}

    /** Returns when one of them leads and hears of the others. */
    static ClusterProcesses start(Path jar, int size, String heap) throws IOException, InterruptedException {
        List<ServerProcess.Ports> ports = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ports.add(ServerProcess.Ports.free());
        }
        String list = ports.stream().map(ServerProcess.Ports::member).collect(Collectors.joining(","));
        ClusterProcesses cluster = new ClusterProcesses();
        try {
            for (ServerProcess.Ports each : ports) {
                cluster.members.add(ServerProcess.launch(
                        jar,
                        heap,
                        each,
                        List.of(
                                "entente.tc.cluster.self=" + each.member(),
                                "entente.tc.cluster.members=" + list,
                                "logging.level.com.alipay.sofa=" + System.getProperty("log", "ERROR"))));
            }
            for (ServerProcess member : cluster.members) {
                member.awaitPort();
            }
            cluster.awaitWhole();
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** As clients name a cluster. */
    String addresses() {
        return members.stream().map(ServerProcess::address).collect(Collectors.joining(","));
    }

    List<ServerProcess> members() {
        return List.copyOf(members);
    }

    /** Who has begun the transaction of this XID. */
    ServerProcess memberOf(String xid) {
        return members.stream()
                .filter(member -> xid.startsWith(member.address() + ":"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no member has begun the transaction '" + xid + "'"));
    }

    /** Returns when the one that leads hears of all. */
    void awaitWhole() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isWhole()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the cluster is not whole after " + PATIENCE.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean isWhole() throws InterruptedException {
        for (ServerProcess member : members) {
            try {
                if (member.metric("entente_cluster_leads") == 1
                        && !member.get("/api/cluster").contains("\"reachable\":false")) {
                    return true;
                }
            } catch (IOException e) {
                // It is on its way up, or down.
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (ServerProcess member : members) {
            member.close();
        }
    }
}
