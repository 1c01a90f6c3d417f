package io.entente.tc.coordinator;

import static org.awaitility.Awaitility.await;

import io.entente.tc.CoordinatorSettings;
import io.entente.tc.DatabaseLogSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.process.ChildProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A coordinator in a Java process of its own, which can be killed. */
final class CoordinatorProcess implements AutoCloseable {
    private final ChildProcess process;
    private final int port;

    private CoordinatorProcess(ChildProcess process) {
        this.process = process;
        this.port = Integer.parseInt(process.greeting());
    }

    /**
     * Returns once the coordinator serves and leads.
     *
     * @param database URL and group of the log; empty when it is in the directory
     */
    static CoordinatorProcess start(Path dataDirectory, Path log, List<String> database) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(dataDirectory.toString()));
        arguments.addAll(database);
        return new CoordinatorProcess(
                ChildProcess.start(CoordinatorProcess.class, List.of("-Xmx256m"), arguments, log));
    }

    int port() {
        return port;
    }

    /** As {@code kill -9}; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.kill();
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
