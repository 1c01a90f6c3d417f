package io.entente.benchmarks;

import io.entente.tm.EntenteClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * An application on Entente's client that takes from one row.
 *
 * @param source wrapped
 * @param autoCommit false for a local transaction as Spring opens it
 */
record EntenteHotRow(EntenteClient client, DataSource source, boolean autoCommit) {

    /** What one client has done: the nanoseconds of each transaction that was committed. */
    private record Done(List<Long> nanos, long failed) {}

    HotRowRound round(int clients, long millis, long workMillis) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
        List<Future<Done>> futures = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            futures.add(pool.submit((Callable<Done>) () -> take(workMillis, end)));
        }
        long failed = 0;
        List<Long> all = new ArrayList<>();
        for (Future<Done> future : futures) {
            Done done = future.get();
            all.addAll(done.nanos());
            failed += done.failed();
        }
        long nanos = System.nanoTime() - begin;
        pool.shutdown();
        return new HotRowRound(all, failed, nanos);
    }

    private Done take(long workMillis, long end) {
        List<Long> nanos = new ArrayList<>();
        long failed = 0;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            try {
                int taken = client.transactions().execute("take", () -> {
                    int one = HotRow.takeOne(source, autoCommit);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(workMillis));
                    return one;
                });
                if (taken != 1) {
                    throw new IllegalStateException("taken " + taken);
                }
                nanos.add(System.nanoTime() - now);
            } catch (Exception timedOut) {
                failed++;
            }
        }
        return new Done(nanos, failed);
    }
}
