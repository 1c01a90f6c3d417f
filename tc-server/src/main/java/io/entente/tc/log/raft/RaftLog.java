package io.entente.tc.log.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.util.BytesUtil;
import io.entente.tc.log.LeadershipLostException;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.ThreadEnd;
import io.entente.tc.log.TransactionLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one leadership.
 *
 * <p>Callbacks wait in the order of their calls: that of an entry until a majority has it on disk, that of a barrier until
 * a majority has said, after the barrier was asked for, that it still follows. Entries carry the term of the leadership,
 * so that none is taken in once it is over.
 *
 * <p>Two locks, because the library's thread that commits must never wait for one that appends: {@code order} is held while
 * an entry is handed over, which may wait for the library; {@code lock} guards the queue, and nobody waits with it.
 */
final class RaftLog implements TransactionLog {
    private static final Logger log = LoggerFactory.getLogger(RaftLog.class);
    private static final long CONFIRM_AGAIN_MILLIS = 20;
    private static final long CLOSE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RaftStateMachine machine;
    private final Node node;
    private final long term;
    private final RaftSettings settings;
    private final Thread callbacks = new Thread(this::runCallbacks, "entente-raft-log");

    private final ReentrantLock order = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private State state = State.NOT_RECOVERED;
    private @Nullable LogFailedException failure;
    private long pendingBytes;
    private long lastIndex;

    private enum State {
        NOT_RECOVERED,
        OPEN,
        CLOSED,
        FAILED
    }

    private static final class Waiting {
        private final long index;
        private final int bytes;
        private final LongConsumer callback;
        private boolean done;

        Waiting(long index, int bytes, LongConsumer callback) {
            this.index = index;
            this.bytes = bytes;
            this.callback = callback;
        }
    }

    RaftLog(RaftStateMachine machine, Node node, long term, RaftSettings settings) {
        this.machine = machine;
        this.node = node;
        this.term = term;
        this.settings = settings;
        callbacks.setDaemon(true);
    }

    long term() {
        return term;
    }

    @Override
    public Recovery recover(LogReplay replay) {
        try {
            // No entry can come before the first one of this log, so the replica stands still.
            SnapshotFile now = machine.replica(() -> {
                lock.lock();
                try {
                    if (state != State.NOT_RECOVERED) {
                        requireOpen();
                        throw new IllegalStateException("The log is recovered already.");
                    }
                    state = State.OPEN;
                } finally {
                    lock.unlock();
                }
            });
            if (now.index() > 0) {
                replay.onSnapshot(now.index(), new ByteArrayInputStream(now.state()));
            }
            order.lock();
            lastIndex = now.index();
            order.unlock();
            callbacks.start();
            return new Recovery(now.index(), now.index(), 0, 0);
        } catch (IOException e) {
            throw new LogUnusableException("The state of this member cannot be handed over: " + e, e);
        }
    }

    @Override
    public long append(ByteBuffer payload, LongConsumer whenDurable) {
        int length = payload.remaining();
        if (length == 0 || length > settings.maxEntryBytes()) {
            throw new IllegalArgumentException("An entry of " + length + " bytes cannot be stored: it must have 1 to "
                    + settings.maxEntryBytes() + " bytes. Append its records as several entries.");
        }
        order.lock();
        try {
            Waiting entry = enqueue(lastIndex + 1, length, whenDurable);
            lastIndex = entry.index;
            node.apply(new Task(EntryKind.PAYLOAD.entry(payload), new Proposal(this, entry, System.nanoTime()), term));
            return entry.index;
        } catch (IllegalStateException e) {
            requireOpenNow();
            LeadershipLostException lost = lost("the member is shutting down", e);
            fail(lost);
            throw lost;
        } finally {
            order.unlock();
        }
    }

    @Override
    public void barrier(Runnable whenDurable) {
        Waiting barrier;
        order.lock();
        try {
            barrier = enqueue(lastIndex, 0, index -> whenDurable.run());
        } finally {
            order.unlock();
        }
        confirm(barrier);
    }

    private Waiting enqueue(long index, int bytes, LongConsumer callback) {
        Waiting waiting = new Waiting(index, bytes, callback);
        boolean inCallback = Thread.currentThread().equals(callbacks);
        lock.lock();
        try {
            while (state == State.OPEN
                    && !inCallback
                    && pendingBytes > 0
                    && pendingBytes + bytes > settings.maxPendingBytes()) {
                changed.awaitUninterruptibly();
            }
            requireOpen();
            pendingBytes += bytes;
            queue.add(waiting);
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Has a majority say that this member still leads; asked again until it does, or the lead is lost. */
    private void confirm(Waiting barrier) {
        try {
            node.readIndex(BytesUtil.EMPTY_BYTES, new ReadIndexClosure() {
                @Override
                public void run(Status status, long index, byte[] context) {
                    // A member that had lost the lead would have had the new leader confirm; its term tells.
                    if (status.isOk() && machine.isTerm(term) && node.isLeader(false)) {
                        done(barrier);
                    } else if (isOpen()) {
                        machine.later(() -> confirm(barrier), CONFIRM_AGAIN_MILLIS);
                    }
                }
            });
        } catch (RuntimeException e) {
            // The member is shutting down, and with that its lead is lost.
            fail(lost("the member is shutting down", e));
        }
    }

    /** The closure of an entry; run by the state machine when it is committed, by the library when it never will be. */
    record Proposal(RaftLog owner, Waiting entry, long startedNanos) implements Closure {
        @Override
        public void run(Status status) {
            if (status.isOk()) {
                owner.done(entry);
            } else {
                owner.fail(owner.lost(String.valueOf(status.getErrorMsg()), null));
                owner.machine.onProposalFailed(owner);
            }
        }
    }

    private void done(Waiting waiting) {
        lock.lock();
        try {
            waiting.done = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void runCallbacks() {
        for (Waiting next = take(); next != null; next = take()) {
            try {
                next.callback.accept(next.index);
            } catch (Throwable e) {
                log.error("A callback of the log has failed; the log goes on", e);
            }
        }
    }

    private @Nullable Waiting take() {
        lock.lock();
        try {
            while (true) {
                Waiting first = queue.peek();
                if (state == State.FAILED || (state == State.CLOSED && first == null)) {
                    return null;
                }
                if (first != null && first.done) {
                    queue.poll();
                    pendingBytes -= first.bytes;
                    changed.signalAll();
                    return first;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    LeadershipLostException lost(String why, @Nullable Throwable cause) {
        return new LeadershipLostException("This member does not lead any more (term " + term + "): " + why, cause);
    }

    /** Nothing is acknowledged any more. A second call does nothing. */
    void fail(LogFailedException cause) {
        lock.lock();
        try {
            if (state != State.FAILED && !(state == State.CLOSED && queue.isEmpty())) {
                state = State.FAILED;
                failure = cause;
                queue.clear();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOpen() {
        lock.lock();
        try {
            // A closed one still has callbacks to run.
            return state == State.OPEN || state == State.CLOSED && !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpenNow() {
        lock.lock();
        try {
            requireOpen();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        switch (state) {
            case OPEN -> {}
            case NOT_RECOVERED -> throw new IllegalStateException("The log is not recovered yet: call recover first.");
            case CLOSED -> throw new IllegalStateException("The log is closed.");
            case FAILED -> {
                if (failure instanceof LeadershipLostException lost) {
                    throw new LeadershipLostException(String.valueOf(lost.getMessage()), lost);
                }
                throw new LogFailedException(
                        "The log has stopped and accepts no entry any more; the cause tells what failed.", failure);
            }
        }
    }

    @Override
    public boolean leadsForSure() {
        return false;
    }

    @Override
    public long bytesSinceSnapshot() {
        return 0;
    }

    @Override
    public CompletableFuture<Void> snapshot(long index, SnapshotWriter state) {
        throw new UnsupportedOperationException("each member makes its snapshots itself, of its replica of the state");
    }

    @Override
    public LogStatistics statistics() {
        return machine.statistics();
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + CLOSE_PATIENCE_NANOS;
        boolean inCallback = Thread.currentThread().equals(callbacks);
        lock.lock();
        try {
            if (state == State.OPEN || state == State.NOT_RECOVERED) {
                state = State.CLOSED;
            }
            changed.signalAll();
            while (state == State.CLOSED && !queue.isEmpty() && !inCallback) {
                if (!awaitChange(deadline)) {
                    log.warn(
                            "{} entries are not acknowledged by a majority; who asked for them asks again",
                            queue.size());
                    queue.clear();
                    state = State.FAILED;
                    failure = lost("it was closed", null);
                    changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
        if (!inCallback) {
            // Whoever closes the log finds its last callback ended.
            ThreadEnd.await(callbacks);
        }
    }

    private boolean awaitChange(long deadline) {
        long left = deadline - System.nanoTime();
        boolean interrupted = Thread.interrupted();
        try {
            return left > 0 && changed.awaitNanos(left) > 0;
        } catch (InterruptedException e) {
            interrupted = true;
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
