package io.entente.tc.cluster;

import io.entente.tc.ClusterSettings;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.process.ChildProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/** A member in a Java process of its own, which can be killed. */
public final class MemberProcess implements AutoCloseable {
    private final ChildProcess process;

    private MemberProcess(ChildProcess process) {
        this.process = process;
    }

    static MemberProcess start(ClusterMember self, List<ClusterMember> members, Path directory) throws IOException {
        return start(self, members, ClusterUnderTest.ELECTION_TIMEOUT_MILLIS, directory);
    }

    /** Returns once the member listens. */
    public static MemberProcess start(
            ClusterMember self, List<ClusterMember> members, int electionTimeoutMillis, Path directory)
            throws IOException {
        return new MemberProcess(ChildProcess.start(
                MemberProcess.class,
                List.of("-Xmx256m"),
                List.of(
                        directory.resolve("data-" + self.port()).toString(),
                        self.toString(),
                        members.stream().map(ClusterMember::toString).collect(Collectors.joining(",")),
                        String.valueOf(electionTimeoutMillis)),
                directory.resolve("member-" + self.port() + ".log")));
    }

    /** As {@code kill -9}; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.kill();
    }

    void fallAsleep() throws IOException, InterruptedException {
        process.fallAsleep();
    }

    void wakeUp() throws IOException, InterruptedException {
        process.wakeUp();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] arguments) {
        PrintStream parent = System.out;
        System.setOut(System.err);
        ClusterMember self = ClusterMember.parse(arguments[1]);
        var unused = TransactionCoordinator.start(
                CoordinatorSettings.in(Path.of(arguments[0]))
                        .withPort(self.port())
                        .withSnapshotMegabytes(1),
                new ClusterSettings(self, ClusterMember.parseList(arguments[2]), Integer.parseInt(arguments[3])),
                InstantSource.system(),
                new CoordinatorObserver() {},
                failure -> Runtime.getRuntime().halt(1));
        parent.println("ready");
        parent.flush();
    }
}
