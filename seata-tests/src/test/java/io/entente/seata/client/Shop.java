package io.entente.seata.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An application on one version of Seata's client, in a process of its own, which does what it is told. */
public final class Shop implements AutoCloseable {
    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;
    private final Path log;

    private Shop(Process process, Path log) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.log = log;
    }

    /**
     * Returns once its process runs; {@link #awaitReady} tells when it is connected.
     *
     * @param settings of Seata's client, as system properties
     * @param log gets what it logs
     */
    public static Shop start(SeataVersion version, String applicationId, List<String> settings, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlog.level=" + System.getProperty("seata.log", "WARN")));
        command.addAll(version.javaOptions());
        settings.forEach(setting -> command.add("-D" + setting));
        command.addAll(List.of("-cp", version.classPath(), "io.entente.seata.shop.ShopProcess", applicationId));
        return new Shop(
                new ProcessBuilder(command)
                        .directory(log.getParent().toFile())
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    public Shop awaitReady() throws IOException {
        String greeting = answers.readLine();
        if (!"ready".equals(greeting)) {
            close();
            throw new IOException("Seata's client said " + greeting + " instead of ready; see " + log);
        }
        return this;
    }

    /** What it answers: {@code ok …} or {@code failed …}. */
    public String tell(String command, String... arguments) {
        commands.println(String.join("\t", List.of(command))
                + (arguments.length == 0 ? "" : "\t")
                + String.join("\t", arguments));
        try {
            return String.valueOf(answers.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #tell}, while the test does something else; one at a time. */
    public CompletableFuture<String> start(String command, String... arguments) {
        return CompletableFuture.supplyAsync(() -> tell(command, arguments));
    }

    /** What came of it. */
    public String ask(String command, String... arguments) {
        String answer = tell(command, arguments);
        if (!answer.startsWith("ok")) {
            throw new AssertionError(command + " " + String.join(" ", arguments) + ": " + answer + "; see " + log);
        }
        return answer.substring("ok".length()).strip();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
