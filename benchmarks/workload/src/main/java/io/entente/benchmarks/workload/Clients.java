package io.entente.benchmarks.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Clients that run one transaction after the other, each in a thread of its own. */
public final class Clients {

    private Clients() {}

    /** A transaction. */
    @FunctionalInterface
    public interface Work {
        /** @throws Exception when it failed */
        void run() throws Exception;
    }

    /** What one client has done. */
    private record Done(List<Long> nanos, long failed, String failure) {}

    /** Returns when the transactions that had begun in time are over. */
    public static Round round(int clients, long millis, Work transaction) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
        List<Future<Done>> futures = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            futures.add(threads.submit((Callable<Done>) () -> repeat(transaction, end)));
        }
        List<Long> all = new ArrayList<>();
        long failed = 0;
        String failure = "";
        for (Future<Done> future : futures) {
            Done done = future.get();
            all.addAll(done.nanos());
            failed += done.failed();
            failure = failure.isEmpty() ? done.failure() : failure;
        }
        long nanos = System.nanoTime() - begin;
        threads.shutdown();
        return new Round(all, failed, nanos, failure);
    }

    private static Done repeat(Work transaction, long end) {
        List<Long> nanos = new ArrayList<>();
        long failed = 0;
        String failure = "";
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            try {
                transaction.run();
                nanos.add(System.nanoTime() - now);
            } catch (Exception e) {
                failed++;
                failure = failure.isEmpty() ? e.toString() : failure;
            }
        }
        return new Done(nanos, failed, failure);
    }
}
