package io.entente.samples.story;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that outlives the one that started it just long enough to end all its other children. The story ends them
 * itself where it can; this is for when it is killed, so that nothing keeps the ports.
 */
final class Watchdog implements AutoCloseable {

    private final PrintStream names;

    private Watchdog(Process process) {
        this.names = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    }

    static Watchdog start() {
        List<String> command = List.of(
                JavaProcess.java(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                Watchdog.class.getName());
        try {
            return new Watchdog(new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("The watchdog cannot be started", e);
        }
    }

    /** This process ends when the current one does, however that happens. */
    void watch(Process child) {
        names.println(child.pid());
    }

    /** Ends the children that are left, then the watchdog itself. */
    @Override
    public void close() {
        names.close();
    }

    /** Reads process ids until the writer is gone, then ends those processes. */
    public static void main(String[] arguments) throws IOException {
        try (BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            List<ProcessHandle> children = names.lines()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                    .toList();
            // A handle knows when its process started, so it does not end another one that got the same id later.
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
