package io.entente.tc.log.file;

import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.TransactionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** Prints how many entries of 300 bytes become durable per second; for a person, not for a build. */
final class FileLogThroughput {

    private static final long NANOS_PER_POINT = 4_000_000_000L;

    private FileLogThroughput() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("file-log");
        try (TransactionLog log = FileLog.open(FileLogSettings.in(directory), failure -> {})) {
            log.recover(new NumberedState());
            measure(log, 64);
            for (int inFlight : new int[] {1, 16, 64, 256}) {
                measure(log, inFlight);
            }
        }
    }

    private static void measure(TransactionLog log, int inFlight) {
        ByteBuffer payload = ByteBuffer.allocate(300);
        Semaphore free = new Semaphore(inFlight);
        LogStatistics before = log.statistics();
        long start = System.nanoTime();
        long last = 0;
        while (System.nanoTime() - start < NANOS_PER_POINT) {
            free.acquireUninterruptibly();
            last = log.append(payload, index -> free.release());
        }
        free.acquireUninterruptibly(inFlight);
        double seconds = (System.nanoTime() - start) / 1e9;
        LogStatistics after = log.statistics();
        System.out.printf(
                "%d in flight: %,.0f entries/s, %,.0f syncs/s, %,.0f us per sync%n",
                inFlight,
                (after.entries() - before.entries()) / seconds,
                (after.syncs() - before.syncs()) / seconds,
                (after.syncNanos() - before.syncNanos()) / 1e3 / (after.syncs() - before.syncs()));
        log.snapshot(last, output -> {}).join();
    }
}
