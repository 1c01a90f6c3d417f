package io.entente.discovery;

import io.entente.tc.log.ClusterMember;
import io.entente.tc.server.CoordinatorServer;
import io.entente.tm.EntenteClient;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A coordinator as a user starts it, with a registry's client on its class path; it registers itself. */
final class ServerProcess implements AutoCloseable {
    private final ClusterMember address;
    private final Path log;
    private final Process process;

    private ServerProcess(ClusterMember address, Path log, Process process) {
        this.address = address;
        this.log = log;
        this.process = process;
    }

    /** @param arguments beside those that say where it is */
    static ServerProcess start(ClusterMember address, Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                CoordinatorServer.class.getName(),
                "--entente.tc.port=" + address.port(),
                "--server.port=" + address.httpPort()));
        command.addAll(arguments);
        return new ServerProcess(
                address,
                log,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start());
    }

    /** Without our client, which would want to know where the coordinator is. */
    private static String classPath() {
        try {
            Path client = Path.of(EntenteClient.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> !Path.of(entry).toAbsolutePath().equals(client))
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where clients connect. */
    ClusterMember address() {
        return address;
    }

    /** What it answers to a probe; 0 when it does not answer. */
    int probe(String path) {
        URI uri = URI.create("http://127.0.0.1:" + address.httpPort() + "/actuator/health/" + path);
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** For whoever wonders why it does not do as expected. */
    String logged() {
        try {
            return (process.isAlive() ? "it runs, " : "it has ended, ") + Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    boolean leads() {
        return probe("leader") == 200;
    }

    /** As {@code kill -9}; returns when the process is gone. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
