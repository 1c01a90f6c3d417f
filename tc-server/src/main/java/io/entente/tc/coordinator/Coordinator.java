package io.entente.tc.coordinator;

import io.entente.protocol.Message;
import io.entente.tc.lock.RowKey;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Decision;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.Resolutions;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator of one group, for as long as this process leads it: a single thread in front of a log.
 *
 * <p>The rules of this class:
 *
 * <ul>
 *   <li>Commands are decided one after the other, each on the state that the one before left. Begin, register, commit,
 *       rollback and timeout of a transaction therefore never race.
 *   <li>Facts are applied at once, before they are durable. What leaves this process (answers, phase-two requests) waits
 *       until everything decided up to then is durable; so the world never learns what a crash could take back.
 *   <li>Commands that have piled up go to the log together, so the busier it is, the less a sync costs each.
 *   <li>When the log fails, or a fact cannot be applied, nothing is answered any more and the owner is told: a coordinator
 *       built anew from the log knows what is true, a guess does not.
 * </ul>
 */
public final class Coordinator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Coordinator.class);
    private static final Asker NOBODY = Asker.on(-1);
    private static final int MOST_PER_ENTRY = 4_096;
    /** A deadline further away is looked at again after this long, so that few are kept of transactions that have ended. */
    private static final long LONGEST_REMINDER_MILLIS = 60_000;

    private static final long MARKS_PER_MILLI = 1L << 20;

    private final TransactionLog transactionLog;
    private final IdSpace ids;
    private final PendingEntry pending;
    private final ForwardTime time;
    private final CoordinatorObserver observer;
    private final Consumer<Throwable> onFatal;

    private final TransactionState state = new TransactionState();
    private final DueTimes deadlines = new DueTimes();
    private final PhaseTwo phaseTwo;
    private final LockWaits lockWaits;
    private final AttentionWatch attention;
    private final Admission admission;
    private final Queue<Work> inbox = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "entente-coordinator");

    private volatile boolean asleep;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    /** Something for the coordinator's thread to do. */
    private interface Work {
        void run(Coordinator coordinator, long now);
    }

    /**
     * @param transactionLog opened, not yet recovered; closed by its owner
     * @param ids numbers that only this group gives
     * @param retryBudgetMillis a branch whose resource manager has answered with failures for this long needs attention
     * @param snapshotBytes a snapshot is taken when the log has grown by this much since the last one
     * @param limits what is taken on
     * @param notices told when it is durable, on any thread; must not block
     * @param onFatal told once, when nothing can be acknowledged any more
     */
    public Coordinator(
            TransactionLog transactionLog,
            IdSpace ids,
            ResourceManagers resourceManagers,
            InstantSource clock,
            BackOff backOff,
            long retryBudgetMillis,
            long snapshotBytes,
            Limits limits,
            CoordinatorObserver observer,
            Consumer<AttentionNotice> notices,
            Consumer<Throwable> onFatal) {
        this.transactionLog = transactionLog;
        this.ids = ids;
        this.time = new ForwardTime(clock);
        this.observer = observer;
        this.onFatal = onFatal;
        this.admission = new Admission(limits, observer);
        this.pending = new PendingEntry(transactionLog, admission, snapshotBytes);
        this.phaseTwo = new PhaseTwo(state, resourceManagers, backOff, retryBudgetMillis, pending::letOut);
        this.lockWaits = new LockWaits(state, limits, observer, this::onWaitEnded);
        this.attention = new AttentionWatch(state, observer, notices, pending::letOut);
    }

    /** Rebuilds the state from the log and begins to take commands, on a thread of its own. */
    public void start() {
        recover();
        thread.start();
    }

    /** Rebuilds the state from the log: for an owner who takes the {@linkplain #turn turns} himself. */
    public void recover() {
        Recovery recovery = transactionLog.recover(new Replay());
        pending.recovered(recovery.lastIndex());
        time.seen(state.latest());
        long now = time.millis();
        if (state.nextId() == 0) {
            record(new Fact.CoordinatorFounded(ids.first(now)), now);
        }
        // Beyond all marks of whoever coordinated before: so many are not given out in a millisecond.
        state.locks().releases().startAt(Math.max(1, now) * MARKS_PER_MILLI);
        for (GlobalTransaction transaction : state.transactions()) {
            if (transaction.phase() == Phase.ACTIVE) {
                remind(transaction.id(), transaction.deadline(), now);
            }
        }
        log.info(
                "Recovered {} open global transactions and {} row locks from {} log entries",
                state.transactions().size(),
                state.locks().size(),
                recovery.entries());
        phaseTwo.recover(now);
    }

    /**
     * Has {@code command} decided; {@code caller} is answered when the outcome is durable. When it has to wait for rows, that
     * is when it has them, or its time is up.
     *
     * @param connectionId when this connection closes, nobody waits any more
     */
    public void submit(Command command, long connectionId, Caller caller) {
        submit(command, Asker.on(connectionId), caller);
    }

    /** As {@link #submit(Command, long, Caller)}, for somebody who may {@linkplain #withdraw take it back}. */
    public void submit(Command command, Asker asker, Caller caller) {
        Message.Response refusal = admission.refusedAtTheDoor(command);
        if (refusal != null) {
            caller.answer(refusal);
            return;
        }
        post((coordinator, now) -> coordinator.handle(command, asker, caller, now), Admission.bytes(command));
    }

    /** True while there is so much to do that nothing more should be read from clients. */
    public boolean isFlooded() {
        return admission.isFlooded();
    }

    /** Requests that are not decided yet, and answers that wait for the log. */
    public int queued() {
        return admission.queued();
    }

    /** As {@link #submit(Command, long, Caller)}, for somebody who is there as long as the coordinator is. */
    public void submit(Command command, Caller caller) {
        submit(command, NOBODY, caller);
    }

    /** Has {@code command} decided; nobody waits for an answer. */
    public void submit(Command command) {
        submit(command, response -> {});
    }

    /**
     * Has an operator's choice decided.
     *
     * @return why it cannot be done, empty when it is durable that it will be
     */
    public CompletableFuture<Optional<Resolutions.Refusal>> resolve(Command.Resolve command) {
        CompletableFuture<Optional<Resolutions.Refusal>> answer = new CompletableFuture<>();
        post((coordinator, now) -> {
            Optional<Resolutions.Refusal> refusal = Resolutions.refusal(coordinator.state, command);
            coordinator.handle(command, NOBODY, response -> {}, now);
            coordinator.pending.letOut(() -> answer.complete(refusal));
        });
        return answer;
    }

    /**
     * Tells whoever waits for rows, or for the end of phase two, to ask the next leader.
     *
     * @return completes when everything decided up to then is durable and answered
     */
    public CompletableFuture<Void> handOver() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        post((coordinator, now) -> {
            coordinator.lockWaits.handOver(now);
            coordinator.phaseTwo.handOver();
            coordinator.pending.letOut(() -> done.complete(null));
        });
        return done;
    }

    public void onConnectionClosed(long connectionId) {
        post((coordinator, now) -> {
            coordinator.phaseTwo.onConnectionClosed(connectionId, now);
            coordinator.lockWaits.onConnectionClosed(connectionId, now);
        });
    }

    /** Whoever has submitted this does not want to wait for rows any longer, and is answered now if it still does. */
    public void withdraw(Asker asker) {
        post((coordinator, now) -> coordinator.lockWaits.withdraw(asker, now));
    }

    public void onResourcesAvailable(Set<String> resourceIds) {
        post((coordinator, now) -> coordinator.phaseTwo.onResourcesAvailable(resourceIds, now));
    }

    /** The resource manager behind a connection still works at these branches. */
    public void onBranchesAtWork(long connectionId, List<Message.BranchAtWork> branches) {
        post((coordinator, now) -> coordinator.phaseTwo.onAtWork(connectionId, branches, now));
    }

    /**
     * Lets {@code question} look at the state, on the coordinator's thread: it must be quick and must keep nothing of it.
     * As every answer, this one waits until what it tells is durable.
     */
    public <T> CompletableFuture<T> ask(Function<View, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        post((coordinator, now) -> {
            try {
                T told = question.apply(coordinator.new View(now));
                coordinator.pending.letOut(() -> answer.complete(told));
            } catch (RuntimeException e) {
                coordinator.pending.letOut(() -> answer.completeExceptionally(e));
            }
        });
        return answer;
    }

    /** The state, as it is while a question is being answered. */
    public final class View {
        private final long now;

        private View(long now) {
            this.now = now;
        }

        public TransactionState state() {
            return state;
        }

        /** Epoch millis. */
        public long now() {
            return now;
        }

        /** Failed tries of a branch in phase two so far. */
        public int failures(long branchId) {
            PhaseTwo.Progress progress = phaseTwo.progress(branchId);
            return progress == null ? 0 : progress.failures();
        }

        /** Why the last try of a branch failed, null when none did. */
        public @Nullable String lastFailure(long branchId) {
            PhaseTwo.Progress progress = phaseTwo.progress(branchId);
            return progress == null || progress.failures() == 0 ? null : progress.lastFailure();
        }
    }

    private void post(Work work) {
        post(work, 0);
    }

    private void post(Work work, long bytes) {
        if (failure != null) {
            return;
        }
        admission.entered(bytes);
        inbox.add((coordinator, now) -> {
            work.run(coordinator, now);
            admission.left(1, bytes);
        });
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!stopping && failure == null) {
            long pause = turn();
            if (pause > 0) {
                sleep(pause);
            }
        }
    }

    /**
     * Goes once through all that has piled up and all that is due. Called by the coordinator's thread, or, where there is
     * none, by an owner who has called {@link #recover}; never by two threads at a time.
     *
     * @return millis until the next turn is due unless something comes in before; 0 when more may have piled up;
     *     {@link Long#MAX_VALUE} when the coordinator has failed
     */
    public long turn() {
        try {
            long now = time.millis();
            int done = 0;
            for (Work work = inbox.poll(); work != null; work = hasRoom(done) ? inbox.poll() : null) {
                work.run(this, now);
                done++;
            }
            deadlines.expire(now, id -> onReminder(id, now));
            phaseTwo.onTime(now);
            lockWaits.onTime(now);
            pending.release();
            pending.snapshotIfDue(state);
            observer.onTurn(state, done, phaseTwo.failures());
            if (done > 0) {
                return 0;
            }
            long due = Math.min(Math.min(deadlines.next(), phaseTwo.nextDue()), lockWaits.nextDue());
            return Math.max(1, due - now);
        } catch (Throwable e) {
            fail(e);
            return Long.MAX_VALUE;
        }
    }

    private void remind(long transactionId, long deadline, long now) {
        deadlines.add(transactionId, Math.min(deadline, now + LONGEST_REMINDER_MILLIS));
    }

    private void onReminder(long transactionId, long now) {
        GlobalTransaction transaction = state.transaction(transactionId);
        if (transaction == null || transaction.phase() != Phase.ACTIVE) {
            return;
        }
        if (now < transaction.deadline()) {
            remind(transactionId, transaction.deadline(), now);
            return;
        }
        handle(new Command.Timeout(transactionId), NOBODY, response -> {}, now);
        // After an hour without the coordinator, or without the clients, all that was open times out at once.
        if (!hasRoom(0)) {
            pending.release();
        }
    }

    private boolean hasRoom(int done) {
        return done < MOST_PER_ENTRY && pending.hasRoom();
    }

    private void sleep(long millis) {
        asleep = true;
        if (inbox.isEmpty() && !stopping) {
            LockSupport.parkNanos(this, Math.min(millis, 1_000) * 1_000_000);
        }
        asleep = false;
    }

    private void handle(Command command, Asker asker, Caller caller, long now) {
        Decision decision;
        try {
            decision = Transactions.decide(state, command, now);
        } catch (RuntimeException e) {
            // Nothing was applied, so only this command suffers.
            log.error("Could not decide {}", command, e);
            return;
        }
        Message.Response refusal = admission.refused(command, state);
        if (refusal != null) {
            decision = Decision.only(refusal);
        }
        if (decision.waitFor() == null || !lockWaits.await(command, decision, asker, caller, now)) {
            carryOut(command, decision, caller, now);
        }
        lockWaits.settle(now);
    }

    private void onWaitEnded(LockWaits.Waiting waiting, Decision decision, WaitOutcome outcome, long now) {
        observer.onLockWait(waiting.rows(), now - waiting.since(), outcome);
        carryOut(waiting.command(), decision, waiting.caller(), now);
    }

    private void carryOut(Command command, Decision decision, Caller caller, long now) {
        for (Fact fact : decision.facts()) {
            record(fact, now);
        }
        attention.tell();
        Message.Response answer = decision.answer();
        if (answer != null) {
            observer.onAnswer(answer);
            RowKey contended = decision.contended();
            if (contended != null) {
                observer.onLockConflict(contended);
            }
            pending.letOut(() -> caller.answer(answer));
        } else if (command instanceof Command.Commit commit) {
            awaitEnd(Transactions.idOf(commit.xid()), caller, true);
        } else if (command instanceof Command.Rollback rollback) {
            awaitEnd(Transactions.idOf(rollback.xid()), caller, false);
        } else if (command instanceof Command.BranchAnswered answered
                && decision.facts().isEmpty()) {
            Command giveUp =
                    phaseTwo.onRetryableAnswer(answered.branchId(), answered.status(), answered.message(), now);
            if (giveUp != null) {
                carryOut(giveUp, Transactions.decide(state, giveUp, now), caller, now);
            }
        }
    }

    private void awaitEnd(long transactionId, Caller caller, boolean forCommit) {
        phaseTwo.await(transactionId, caller, forCommit);
    }

    private void record(Fact fact, long now) {
        pending.add(fact);
        lockWaits.beforeFact(fact);
        attention.beforeFact(fact);
        state.apply(fact);
        if (fact instanceof Fact.TransactionBegun begun) {
            remind(begun.id(), begun.at() + begun.timeoutMillis(), now);
        }
        phaseTwo.onFact(fact, now);
        observer.onFact(fact);
    }

    private void fail(Throwable e) {
        failure = e;
        if (!(e instanceof LogFailedException)) {
            log.error(
                    "The coordinator stops: what it holds in memory can no longer be trusted. A restart recovers from the log",
                    e);
        }
        onFatal.accept(e);
    }

    /** Ends the thread. Commands not yet decided are dropped: their callers got no answer and will ask again. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            // A thread that never started has nothing to finish.
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Replay implements LogReplay {
        @Override
        public void onSnapshot(long index, InputStream bytes) throws IOException {
            FactReplica.applyAll(state, Unpooled.wrappedBuffer(bytes.readAllBytes()));
        }

        @Override
        public void onEntry(long index, ByteBuffer payload) {
            FactReplica.applyAll(state, Unpooled.wrappedBuffer(payload));
        }
    }
}
