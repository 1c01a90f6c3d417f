package io.entente.tc.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A Java program in a process of its own, which can be killed, put to sleep, and kept from writing. */
public final class ChildProcess implements AutoCloseable {
    private static final int START_PATIENCE_SECONDS = 180;

    private final Process process;
    private final String greeting;

    private ChildProcess(Process process, String greeting) {
        this.process = process;
        this.greeting = greeting;
    }

    /**
     * Returns once the program has written a line to its standard output.
     *
     * @param main runs with the class path of this process
     * @param options of {@code java}
     * @param log gets what the program writes to its standard error; appended to
     * @throws IOException when it ends instead, or takes minutes
     */
    public static ChildProcess start(Class<?> main, List<String> options, List<String> arguments, Path log)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        // By a pipe, because a process that is kept from writing files should still be able to say so.
        Process process = new ProcessBuilder(command).start();
        Thread copying = new Thread(() -> copy(process.getErrorStream(), log), "log of " + log.getFileName());
        copying.setDaemon(true);
        copying.start();
        return new ChildProcess(process, greeting(process, main.getName(), log));
    }

    private static String greeting(Process process, String name, Path log) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        // The end of a process that takes too long is the end of what is read.
        ProcessHandle late = process.toHandle();
        var killing = CompletableFuture.delayedExecutor(START_PATIENCE_SECONDS, TimeUnit.SECONDS);
        AtomicBoolean ready = new AtomicBoolean();
        killing.execute(() -> {
            if (!ready.get()) {
                late.destroyForcibly();
            }
        });
        String line = out.readLine();
        ready.set(true);
        if (line == null) {
            throw new IOException(name + " ended, or was ended after " + START_PATIENCE_SECONDS
                    + " s, before it was ready; see " + log);
        }
        return line;
    }

    private static void copy(InputStream from, Path log) {
        try (from;
                OutputStream to = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            from.transferTo(to);
        } catch (IOException e) {
            // Of a process that is gone.
        }
    }

    /** The line that it has written. */
    public String greeting() {
        return greeting;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill -9}; returns when the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks the process to end in order, and waits; kills it when it does not. */
    public void endInOrder(int patienceSeconds) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
            kill();
        }
    }

    /** Takes the process off the processor: its connections stay, and it knows nothing of the time that passes. */
    public void fallAsleep() throws IOException, InterruptedException {
        run("kill", "-STOP", String.valueOf(process.pid()));
    }

    public void wakeUp() throws IOException, InterruptedException {
        run("kill", "-CONT", String.valueOf(process.pid()));
    }

    /**
     * Lets no file of the process grow beyond this, as a disk that is full; on Linux only. What it has written stays.
     *
     * @param bytes beyond which each write fails
     */
    public void limitFiles(long bytes) throws IOException, InterruptedException {
        run("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + bytes + ":");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + exit);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
