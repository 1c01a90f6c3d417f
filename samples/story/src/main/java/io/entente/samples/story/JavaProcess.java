package io.entente.samples.story;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Java program in a process of its own, which can be killed and started again. */
public final class JavaProcess {

    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int LOG_TAIL = 60;

    /** Small and quick to start rather than quick in the long run. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx160m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Dfile.encoding=UTF-8");

    private final String name;
    private final List<String> command;
    private final Path log;
    private final URI readiness;
    private final Watchdog watchdog;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private volatile @Nullable Process process;

    private boolean ended;

    /**
     * @param program what to run: options of {@code java}, then the program's arguments
     * @param log gets what the process prints; appended to
     * @param readiness answers 200 when the program is ready
     */
    JavaProcess(String name, List<String> program, Path log, URI readiness, Watchdog watchdog) {
        this.name = name;
        this.command = new ArrayList<>(List.of(java()));
        this.command.addAll(JVM_OPTIONS);
        this.command.addAll(program);
        this.log = log;
        this.readiness = readiness;
        this.watchdog = watchdog;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /**
     * Runs a program to its end.
     *
     * @throws StoryException with what it printed, when it fails
     */
    static void run(List<String> program) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(program);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitValue = process.waitFor();
            if (exitValue != 0) {
                throw new StoryException(String.join(" ", command) + " ended with " + exitValue + ":\n" + printed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A program cannot be started: " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryException("Interrupted while waiting for " + command, e);
        }
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    /** @throws StoryException after {@link #end} */
    public synchronized void start() {
        if (ended) {
            throw new StoryException("The " + name + " is not started any more");
        }
        Process running = process;
        if (running != null && running.isAlive()) {
            throw new IllegalStateException("The " + name + " runs already, pid " + running.pid());
        }
        File file = log.toFile();
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
                    .start();
            watchdog.watch(started);
            process = started;
        } catch (IOException e) {
            throw new UncheckedIOException("The " + name + " cannot be started", e);
        }
    }

    /** @throws StoryException with the end of the log, when it ends instead or takes too long */
    public void awaitReady() {
        Process starting = running();
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        try {
            while (!isReady()) {
                if (starting.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new StoryException("The " + name + " ended with " + starting.exitValue()
                            + " instead of starting." + logTail());
                }
                if (System.nanoTime() > deadline) {
                    throw new StoryException("The " + name + " was not ready after " + START_PATIENCE.toSeconds()
                            + " s: no answer 200 from " + readiness + "." + logTail());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryException("Interrupted while waiting for the " + name, e);
        }
    }

    private boolean isReady() throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(2)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    List<String> logged(String text) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.contains(text)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The log of the " + name + " cannot be read: " + log, e);
        }
    }

    private String logTail() {
        try {
            // The frames of stack traces would push out what they are about.
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("\t"))
                    .toList();
            return "\nThe end of " + log + ":\n  "
                    + String.join("\n  ", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
        } catch (IOException e) {
            return "\nIts log cannot be read: " + e;
        }
    }

    /** As {@code kill -9}; returns when the process is gone. */
    public void kill() {
        running().destroyForcibly().onExit().join();
    }

    /** Asks the process to end, if it runs, and never starts it again; does not wait. */
    public synchronized void end() {
        ended = true;
        Process ending = process;
        if (ending != null) {
            ending.destroy();
        }
    }

    /** After {@link #end}: makes the process end when it does not by itself. */
    public void awaitEnd() {
        Process ending = process;
        if (ending == null) {
            return;
        }
        try {
            if (ending.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.destroyForcibly();
    }

    public boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    public long pid() {
        return running().pid();
    }

    /** The exit value of a process that has ended. */
    int exitValue() {
        return running().exitValue();
    }

    private Process running() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("The " + name + " has not been started");
        }
        return current;
    }
}
