package io.entente.seata.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Seata's server 2.0.0 with its file store, in a process of its own with a class path that has nothing of Entente's. What it
 * has stored outlives the process, until it is closed.
 */
public final class SeataServer implements AutoCloseable {
    private static final long START_SECONDS = 120;

    private final Path directory;
    private final List<String> command;
    private final int port;
    private volatile Process process;

    private SeataServer(Path directory, List<String> command, int port) throws IOException {
        this.directory = directory;
        this.command = command;
        this.port = port;
        this.process = launch();
    }

    /**
     * Returns when it listens.
     *
     * @param module the directory of the module {@code seata-tests}
     * @param options of its JVM
     */
    public static SeataServer start(Path module, List<String> options) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("seata-server");
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dserver.address=127.0.0.1",
                "-Dserver.port=" + freePort(),
                "-Dseata.server.service-port=" + port,
                "-Dseata.store.mode=file",
                "-Dseata.store.file.dir=" + directory.resolve("store"),
                "-Dlog.home=" + directory.resolve("logs"),
                "-cp",
                Files.readString(module.resolve("server/target/class-path")),
                "io.seata.server.ServerApplication"));
        SeataServer server = new SeataServer(directory, command, port);
        // Nobody is left to close it when what is started beside it fails.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.process.destroyForcibly(), "seata-server-end"));
        server.awaitPort();
        return server;
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException e) {
                process.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
        String said = Files.readString(log());
        close();
        throw new IOException("Seata's server did not open port " + port + ". Its log:\n" + said);
    }

    /** Where its clients reach it. */
    public int port() {
        return port;
    }

    /** Host and port. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Processor time used by the process so far. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Ends the process without a warning. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it anew on what it has stored; returns when it listens. */
    public void startAgain() throws IOException, InterruptedException {
        process = launch();
        awaitPort();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
