package io.entente.benchmarks;

import io.entente.seata.server.SeataServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Seata's server and an application on its client, each in a process of its own, with class paths that have nothing of
 * Entente's.
 */
final class SeataProcesses implements AutoCloseable {
    /** What the server gets that it does not have by itself, to its advantage; all else is as it is shipped. */
    private static final List<String> TUNING = List.of(
            "-Xmx1g",
            // On few processors the JVM's own choice makes the server start a thread for each request.
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
            "-Dlogging.level.root=WARN",
            "-Dlogging.level.io.seata=WARN");

    private final Path directory;
    private final SeataServer server;
    private final Process client;
    private final PrintStream rounds;
    private final BufferedReader results;

    private SeataProcesses(Path directory, SeataServer server, Process client) {
        this.directory = directory;
        this.server = server;
        this.client = client;
        this.rounds = new PrintStream(client.getOutputStream(), true, StandardCharsets.UTF_8);
        this.results = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    }

    static String settings() {
        return "Seata: server 2.0.0, file store flushed in the background as shipped, " + String.join(" ", TUNING)
                + "; client 2.2.0, client.rm.lock.retryInterval=10 ms, retryTimes=30,"
                + " retryPolicyBranchRollbackOnConflict=true as shipped, undo log by Jackson.";
    }

    /**
     * Returns when both are up.
     *
     * @param home directory of this module, where their class paths are
     * @param database JDBC URL, user and password
     */
    static SeataProcesses start(Path home, List<String> database, int connections)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("seata-benchmark");
        SeataServer server = SeataServer.start(home.resolveSibling("seata-tests"), TUNING);
        try {
            Path module = home.resolve("seata-client/target");
            List<String> arguments = new ArrayList<>(List.of(
                    "-cp",
                    module.resolve("classes") + ":" + Files.readString(module.resolve("class-path")),
                    "io.entente.benchmarks.seata.SeataHotRow",
                    String.valueOf(server.port())));
            arguments.addAll(database);
            arguments.add(String.valueOf(connections));
            Process client = new ProcessBuilder(command(List.of("-Xmx1g"), arguments))
                    .directory(directory.toFile())
                    .redirectError(directory.resolve("client.log").toFile())
                    .start();
            SeataProcesses started = new SeataProcesses(directory, server, client);
            String ready = started.results.readLine();
            if (!"ready".equals(ready)) {
                String log = Files.readString(directory.resolve("client.log"));
                started.close();
                throw new IOException("Seata's client said " + ready + " instead of ready. Its log:\n" + log);
            }
            return started;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    private static List<String> command(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(arguments);
        return command;
    }

    /** One round of its application. */
    HotRowRound round(int clients, long millis, long workMillis, boolean autoCommit) throws IOException {
        rounds.println(clients + " " + millis + " " + workMillis + " " + autoCommit);
        String line = results.readLine();
        if (line == null) {
            throw new IOException(
                    "Seata's client ended. Its log:\n" + Files.readString(directory.resolve("client.log")));
        }
        List<Long> numbers =
                Arrays.stream(line.trim().split(" ")).map(Long::valueOf).toList();
        return new HotRowRound(numbers.subList(2, numbers.size()), numbers.get(0), numbers.get(1));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        client.destroyForcibly().waitFor();
        server.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
