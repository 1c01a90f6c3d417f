package io.entente.crash.processes;

import io.entente.tc.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member or a service by its name, whatever process it is at present. */
final class Node {
    private static final int PATIENCE_SECONDS = 30;

    private final String name;
    private final Class<?> main;
    private final List<String> options;
    private final List<String> arguments;
    private final Path log;
    private final BeforeStart beforeStart;
    private @Nullable ChildProcess process;
    private boolean asleep;
    private boolean limited;

    interface BeforeStart {
        void run() throws IOException;
    }

    Node(String name, Class<?> main, List<String> options, List<String> arguments, Path log, BeforeStart beforeStart) {
        this.name = name;
        this.main = main;
        this.options = options;
        this.arguments = arguments;
        this.log = log;
        this.beforeStart = beforeStart;
    }

    String name() {
        return name;
    }

    /** Returns when it is up; does nothing when it is. */
    synchronized void start() throws IOException {
        ChildProcess running = process;
        if (running == null || !running.isAlive()) {
            beforeStart.run();
            process = ChildProcess.start(main, options, arguments, log);
            asleep = false;
            limited = false;
        }
    }

    synchronized void kill() throws InterruptedException {
        ChildProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    synchronized void endInOrder() throws InterruptedException {
        ChildProcess running = process;
        if (running != null) {
            running.endInOrder(PATIENCE_SECONDS);
        }
    }

    synchronized void fallAsleep() throws IOException, InterruptedException {
        ChildProcess running = process;
        if (running != null && running.isAlive()) {
            running.fallAsleep();
            asleep = true;
        }
    }

    /** Its disk is full: no file grows beyond this any more. */
    synchronized void limitFiles(long bytes) throws IOException, InterruptedException {
        ChildProcess running = process;
        if (running != null && running.isAlive()) {
            running.limitFiles(bytes);
            limited = true;
        }
    }

    synchronized boolean isAlive() {
        ChildProcess running = process;
        return running != null && running.isAlive();
    }

    /** Makes it well again. */
    synchronized void restore() throws IOException, InterruptedException {
        ChildProcess running = process;
        if (running != null && asleep && running.isAlive()) {
            running.wakeUp();
            asleep = false;
        }
        if (limited) {
            kill();
        }
        start();
    }
}
