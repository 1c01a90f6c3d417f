package io.entente.benchmarks;

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

/** The coordinator as its users run it: the server jar in a process of its own, on a fresh data directory. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final int port;
    private final Path directory;

    private ServerProcess(Process process, int port, Path directory) {
        this.process = process;
        this.port = port;
        this.directory = directory;
    }

    static ServerProcess start(Path jar) throws IOException, InterruptedException {
        if (!Files.isRegularFile(jar)) {
            throw new IOException(
                    "there is no server jar at " + jar.toAbsolutePath().normalize() + "; build tc-server first");
        }
        int port = freePort();
        Path directory = Files.createTempDirectory("entente-benchmark");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        command.add("-jar");
        command.add(jar.toString());
        command.add("--entente.tc.port=" + port);
        command.add("--entente.tc.data-directory=" + directory.resolve("data"));
        command.add("--server.port=0");
        command.add("--logging.level.io.entente=WARN");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        ServerProcess server = new ServerProcess(process, port, directory);
        server.awaitPort();
        return server;
    }

    private void awaitPort() throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 300 && process.isAlive(); attempt++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException e) {
                process.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
        String log = Files.readString(directory.resolve("server.log"));
        close();
        throw new IOException("the coordinator did not open port " + port + ". Its log:\n" + log);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
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
