package io.entente.tc.cluster;

import io.entente.tc.ClusterSettings;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.log.ClusterMember;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/** A member in a Java process of its own, which can be killed. */
public final class MemberProcess implements AutoCloseable {
    private final Process process;

    private MemberProcess(Process process) {
        this.process = process;
    }

    static MemberProcess start(ClusterMember self, List<ClusterMember> members, Path directory) throws IOException {
        return start(self, members, ClusterUnderTest.ELECTION_TIMEOUT_MILLIS, directory);
    }

    /** Returns once the member listens. */
    public static MemberProcess start(
            ClusterMember self, List<ClusterMember> members, int electionTimeoutMillis, Path directory)
            throws IOException {
        Path log = directory.resolve("member-" + self.port() + ".log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemberProcess.class.getName(),
                        directory.resolve("data-" + self.port()).toString(),
                        self.toString(),
                        members.stream().map(ClusterMember::toString).collect(Collectors.joining(",")),
                        String.valueOf(electionTimeoutMillis)))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (out.readLine() == null) {
            throw new IOException("the member's process ended before it listened; see " + log);
        }
        return new MemberProcess(process);
    }

    /** As {@code kill -9}; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Takes the process off the processor: its connections stay, and it knows nothing of the time that passes. */
    void fallAsleep() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void wakeUp() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill " + signal + " ended with " + exit);
        }
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
