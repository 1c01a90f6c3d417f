package io.entente.tc.coordinator;

import static org.awaitility.Awaitility.await;

import io.entente.tc.CoordinatorSettings;
import io.entente.tc.DatabaseLogSettings;
import io.entente.tc.TransactionCoordinator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A coordinator in a Java process of its own, which can be killed. */
final class CoordinatorProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private CoordinatorProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Returns once the coordinator serves and leads.
     *
     * @param database URL and group of the log; empty when it is in the directory
     */
    static CoordinatorProcess start(Path dataDirectory, Path log, List<String> database) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CoordinatorProcess.class.getName(),
                dataDirectory.toString()));
        command.addAll(database);
        Process process = new ProcessBuilder(command)
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

    /** A log in a database, of which a dead leader does not keep the lead for long. */
    static DatabaseLogSettings database(String url, String group) {
        return new DatabaseLogSettings(url, "", "", group, Duration.ofMillis(500));
    }

    public static void main(String[] arguments) {
        PrintStream parent = System.out;
        System.setOut(System.err);
        CoordinatorSettings settings =
                CoordinatorSettings.in(Path.of(arguments[0])).withPort(0).withSnapshotMegabytes(1);
        TransactionCoordinator coordinator = arguments.length == 1
                ? TransactionCoordinator.start(settings)
                : TransactionCoordinator.start(
                        settings.withAdvertisedAddress("127.0.0.1:1"),
                        database(arguments[1], arguments[2]),
                        InstantSource.system(),
                        new CoordinatorObserver() {},
                        failure -> Runtime.getRuntime().halt(1));
        await().until(coordinator::leads);
        parent.println(coordinator.port());
        parent.flush();
    }
}
