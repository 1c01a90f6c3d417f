package io.entente.tc.coordinator;

import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A coordinator in a Java process of its own, which can be killed. */
final class CoordinatorProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private CoordinatorProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns once the coordinator serves. */
    static CoordinatorProcess start(Path dataDirectory, Path log) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CoordinatorProcess.class.getName(),
                        dataDirectory.toString()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String port = out.readLine();
            if (port == null) {
                throw new IOException("the coordinator's process ended before it served; see " + log);
            }
            return new CoordinatorProcess(process, Integer.parseInt(port));
        }
    }

    int port() {
        return port;
    }

    /** As {@code kill -9}; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] arguments) {
        PrintStream parent = System.out;
        System.setOut(System.err);
        TransactionCoordinator coordinator = TransactionCoordinator.start(
                CoordinatorSettings.in(Path.of(arguments[0])).withPort(0).withSnapshotMegabytes(1));
        parent.println(coordinator.port());
        parent.flush();
    }
}
