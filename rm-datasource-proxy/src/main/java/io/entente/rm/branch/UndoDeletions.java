package io.entente.rm.branch;

import io.entente.protocol.AttentionReason;
import io.entente.rm.undo.BranchKey;
import io.entente.tm.branch.PhaseTwoAnswer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Phase two of committed branches: their undo rows are deleted, and only then the coordinator hears that it is done, so
 * that no undo row outlives a process that dies in between.
 *
 * <p>One thread per resource deletes everything that has queued up in one statement. While it is at work, the next
 * batch gathers; so the busier the resource, the larger the batches, and no timer delays anything.
 */
final class UndoDeletions {

    private static final Logger log = LoggerFactory.getLogger(UndoDeletions.class);
    private static final int BATCH = 1_000;
    private static final int QUEUE = 10_000;

    private final Map<String, Worker> workers = new HashMap<>();
    private boolean closed;

    /** Returns at once; the answer comes later. */
    synchronized void delete(AtDatabase resource, BranchKey branch, PhaseTwoAnswer committed) {
        if (closed) {
            committed.tryAgain("this process ends");
            return;
        }
        Worker worker = workers.computeIfAbsent(resource.id(), any -> new Worker(resource));
        // One place is kept for the end.
        if (worker.queue.remainingCapacity() <= 1 || !worker.queue.offer(new Committed(branch, committed))) {
            committed.tryAgain("more than " + QUEUE + " commits are waiting");
        }
    }

    /** Deletes what is queued; stops waiting for it after the given time. */
    void close(Duration patience) {
        List<Worker> ending;
        synchronized (this) {
            closed = true;
            ending = List.copyOf(workers.values());
            ending.forEach(Worker::end);
        }
        for (Worker worker : ending) {
            try {
                worker.join(patience.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private record Committed(BranchKey branch, PhaseTwoAnswer answer) {}

    private record Unheard() implements PhaseTwoAnswer {
        @Override
        public void done() {}

        @Override
        public void tryAgain(String reason) {}

        @Override
        public void giveUp(AttentionReason why, String reason) {}
    }

    /** Never interrupted: an interrupt in the middle of a statement breaks connections, and files of embedded databases. */
    private static final class Worker extends Thread {

        /** Queued last; whoever sends it does not wait for an answer. */
        private static final Committed END = new Committed(new BranchKey("", 0), new Unheard());

        private final AtDatabase resource;
        private final BlockingQueue<Committed> queue = new ArrayBlockingQueue<>(QUEUE + 1);

        Worker(AtDatabase resource) {
            super("entente-undo-deletion " + resource.id());
            this.resource = resource;
            setDaemon(true);
            start();
        }

        void end() {
            queue.add(END);
        }

        @Override
        public void run() {
            boolean ended = false;
            while (!ended) {
                List<Committed> batch = new ArrayList<>();
                try {
                    batch.add(queue.take());
                } catch (InterruptedException e) {
                    log.warn(
                            "Interrupted; the undo rows at {} are not deleted by this process any more", resource.id());
                    return;
                }
                queue.drainTo(batch, BATCH - 1);
                ended = batch.removeIf(END::equals);
                if (!batch.isEmpty()) {
                    delete(batch);
                }
            }
        }

        private void delete(List<Committed> batch) {
            try (Connection own = resource.dataSource().getConnection()) {
                resource.undoLog()
                        .deleteAll(own, batch.stream().map(Committed::branch).toList());
            } catch (SQLException | RuntimeException e) {
                log.warn(
                        "The undo rows of {} committed branches at {} could not be deleted; the coordinator sends them"
                                + " again. First: {}. Reason: {}",
                        batch.size(),
                        resource.id(),
                        batch.get(0).branch(),
                        e.toString());
                batch.forEach(each -> each.answer.tryAgain(String.valueOf(e.getMessage())));
                return;
            }
            batch.forEach(each -> each.answer.done());
        }
    }
}
