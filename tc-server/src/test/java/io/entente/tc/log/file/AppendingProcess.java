package io.entente.tc.log.file;

import io.entente.tc.log.TransactionLog;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Appends to a log without an end and prints {@code +index} for each acknowledged entry, until it is killed. Takes a
 * snapshot whenever there is enough behind the last.
 */
final class AppendingProcess {

    private static final int IN_FLIGHT = 64;
    private static final int SNAPSHOT_BYTES = 300_000;

    private AppendingProcess() {}

    static FileLogSettings settings(Path directory) {
        return FileLogSettings.in(directory).withSegmentBytes(128 * 1024);
    }

    public static void main(String[] arguments) {
        PrintStream acknowledgements = new PrintStream(System.out, true);
        System.setOut(System.err);
        NumberedState state = new NumberedState();
        TransactionLog log = FileLog.open(
                settings(Path.of(arguments[0])), failure -> Runtime.getRuntime().halt(3));
        log.recover(state);
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        CompletableFuture<Void> snapshot = CompletableFuture.completedFuture(null);
        while (true) {
            inFlight.acquireUninterruptibly();
            log.append(state.next(), index -> {
                acknowledgements.print("+" + index + "\n");
                inFlight.release();
            });
            if (snapshot.isDone() && log.bytesSinceSnapshot() > SNAPSHOT_BYTES) {
                snapshot = log.snapshot(state.index(), state.frozen());
            }
        }
    }
}
