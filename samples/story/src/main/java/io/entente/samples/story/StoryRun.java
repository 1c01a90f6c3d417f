package io.entente.samples.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A sample in a process of its own, as the command of its README starts it. For tests. */
public final class StoryRun implements AutoCloseable {

    /** A story takes less than a minute, on a machine that has nothing else to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** For the databases to be shut down. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final Process process;
    private final Path output;

    private StoryRun(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a sample that ends after its story, on free ports, and beside one that a person has up.
     *
     * @param main a sample with a main method
     * @param output gets what is told
     * @param environment more settings
     */
    public static StoryRun start(
            Class<? extends Sample<?>> main, Database database, Path output, Map<String, String> environment) {
        ProcessBuilder command = new ProcessBuilder(
                        JavaProcess.java(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dsample.end-with-parent=true",
                        "-Dsample.directory=" + StorySettings.directoryOf(main).resolveSibling("story-test"),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put(StorySettings.DATABASE, database.text());
        command.environment().put(StorySettings.EXIT, "true");
        command.environment().put(Ports.SETTING, "random");
        command.environment().putAll(environment);
        try {
            return new StoryRun(command.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("The sample cannot be started", e);
        }
    }

    /** @return the exit value; empty when the story was not over in time */
    public OptionalInt awaitEnd() throws InterruptedException {
        return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /** All that has been told so far. */
    public String told() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(output + " cannot be read", e);
        }
    }

    public Process process() {
        return process;
    }

    /** Ends the sample when it has not; its directory is free for another one then. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
