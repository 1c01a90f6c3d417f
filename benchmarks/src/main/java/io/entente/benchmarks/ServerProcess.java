package io.entente.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The coordinator as its users run it: the server jar in a process of its own, on a fresh data directory. It can be killed and
 * started again on the same directory.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(180);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<String> command;
    private final Ports ports;
    private final Path directory;
    private Process process;

    /** Where a coordinator listens: for clients, for HTTP, and for the other members of its cluster. */
    record Ports(int client, int http, int raft) {

        static Ports free() throws IOException {
            try (ServerSocket client = free(0);
                    ServerSocket http = free(0);
                    ServerSocket raft = free(0)) {
                return new Ports(client.getLocalPort(), http.getLocalPort(), raft.getLocalPort());
            }
        }

        private static ServerSocket free(int any) throws IOException {
            return new ServerSocket(any, 1, InetAddress.getLoopbackAddress());
        }

        /** As the members of a cluster are written. */
        String member() {
            return "127.0.0.1:" + client + "/" + http + "/" + raft;
        }

        String address() {
            return "127.0.0.1:" + client;
        }
    }

    private ServerProcess(List<String> command, Ports ports, Path directory) throws IOException {
        this.command = command;
        this.ports = ports;
        this.directory = directory;
        this.process = launch();
    }

    /** By itself, with a heap of a gigabyte; returns when it listens. */
    static ServerProcess start(Path jar) throws IOException, InterruptedException {
        return start(jar, "1g", List.of());
    }

    /**
     * By itself; returns when it listens.
     *
     * @param heap the most it may have, as {@code -Xmx} takes it
     * @param properties more of its settings, as {@code key=value}
     */
    static ServerProcess start(Path jar, String heap, List<String> properties)
            throws IOException, InterruptedException {
        ServerProcess server = launch(jar, heap, Ports.free(), properties);
        server.awaitPort();
        return server;
    }

    /** Does not wait. */
    static ServerProcess launch(Path jar, String heap, Ports ports, List<String> properties) throws IOException {
        if (!Files.isRegularFile(jar)) {
            throw new IOException(
                    "there is no server jar at " + jar.toAbsolutePath().normalize() + "; build tc-server first");
        }
        Path directory = Files.createTempDirectory("entente-benchmark");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-jar");
        command.add(jar.toString());
        command.add("--entente.tc.port=" + ports.client());
        command.add("--entente.tc.data-directory=" + directory.resolve("data"));
        command.add("--server.port=" + ports.http());
        command.add("--logging.level.io.entente=" + System.getProperty("log", "WARN"));
        properties.forEach(property -> command.add("--" + property));
        return new ServerProcess(command, ports, directory);
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("server.log").toFile()))
                .start();
    }

    /** Returns when it listens, which a member of a cluster does before it leads. */
    void awaitPort() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.client())) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException e) {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
        String log = Files.readString(directory.resolve("server.log"));
        close();
        throw new IOException("the coordinator did not open port " + ports.client() + ". Its log:\n" + log);
    }

    /** Returns when its HTTP interface answers, which is up a little later. */
    void awaitHttp() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                get("/actuator/health/liveness");
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw e;
                }
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** As {@code kill -9}. Returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Once more, on the same directory, after it was killed. Does not wait. */
    void startAgain() throws IOException {
        process = launch();
    }

    int port() {
        return ports.client();
    }

    String address() {
        return ports.address();
    }

    /** Answer of its HTTP interface. */
    String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " was answered with " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    /** The sum of a metric over those of its series that have the given text in their name and tags. */
    double metric(String series) throws IOException, InterruptedException {
        return get("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** What is left on the heap after a full collection, in mebibytes. */
    double liveMebibytes() throws IOException, InterruptedException {
        Process collection = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .start();
        String said = new String(collection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (collection.waitFor() != 0) {
            throw new IOException("jcmd could not collect the coordinator's garbage: " + said);
        }
        return metric("jvm_memory_used_bytes{area=\"heap\"") / (1 << 20);
    }

    /** Bytes of each file in its data directory whose name has this text. */
    long bytesOnDisk(String name) throws IOException {
        try (var files = Files.walk(directory.resolve("data"))) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().contains(name)) {
                    bytes += Files.size(file);
                }
            }
            return bytes;
        }
    }

    /** Processor time used by the whole process so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
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
