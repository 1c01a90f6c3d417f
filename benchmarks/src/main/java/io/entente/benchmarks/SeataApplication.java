package io.entente.benchmarks;

import io.entente.benchmarks.workload.Round;
import io.entente.seata.server.SeataServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An application on Seata's client in a process of its own, with a class path that has nothing of Entente's but what it is to
 * run.
 */
final class SeataApplication implements AutoCloseable {
    /** What the server gets that it does not have by itself, to its advantage; all else is as it is shipped. */
    private static final List<String> SERVER_TUNING = List.of(
            "-Xmx1g",
            // On few processors the JVM's own choice makes the server start a thread for each request.
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
            "-Dlogging.level.root=WARN",
            "-Dlogging.level.io.seata=WARN");

    private final Path directory;
    private final Process process;
    private final PrintStream rounds;
    private final BufferedReader results;

    private SeataApplication(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
        this.rounds = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.results = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static String settings() {
        return "Seata: server 2.0.0, file store flushed in the background as shipped, "
                + String.join(" ", SERVER_TUNING)
                + "; client 2.2.0, client.rm.lock.retryInterval=10 ms, retryTimes=30,"
                + " retryPolicyBranchRollbackOnConflict=true as shipped, undo log by Jackson.";
    }

    /**
     * Seata's server as it is measured.
     *
     * @param home directory of this module
     */
    static SeataServer startServer(Path home) throws IOException, InterruptedException {
        return SeataServer.start(home.resolveSibling("seata-tests"), SERVER_TUNING);
    }

    /**
     * Returns when it is up.
     *
     * @param home directory of this module
     * @param name of the class that runs the rounds
     * @param coordinator port
     * @param database user, password, and the JDBC URL of each
     */
    static SeataApplication start(Path home, String name, int coordinator, int connections, List<String> database)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("seata-benchmark");
        Path module = home.resolve("seata-client/target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                module.resolve("classes") + ":" + Files.readString(module.resolve("class-path")),
                "io.entente.benchmarks.seata." + name,
                String.valueOf(coordinator),
                String.valueOf(connections)));
        command.addAll(database);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("client.log").toFile())
                .start();
        SeataApplication started = new SeataApplication(directory, process);
        String ready = started.results.readLine();
        if (!"ready".equals(ready)) {
            String log = Files.readString(directory.resolve("client.log"));
            started.close();
            throw new IOException("Seata's client said " + ready + " instead of ready. Its log:\n" + log);
        }
        return started;
    }

    /** @param line what to run, as its class takes it */
    Round round(String line) throws IOException {
        rounds.println(line);
        String result = results.readLine();
        if (result == null) {
            throw new IOException(
                    "Seata's client ended. Its log:\n" + Files.readString(directory.resolve("client.log")));
        }
        return Round.parse(result);
    }

    /** Processor time used by the whole process so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        rounds.close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
