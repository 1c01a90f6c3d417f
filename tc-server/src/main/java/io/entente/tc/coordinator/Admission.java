package io.entente.tc.coordinator;

import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BranchRegisterResponse;
import io.entente.protocol.Message.GlobalBeginResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.TransactionError;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.TransactionState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no more is begun than the coordinator can carry: early, before anybody has done work that would have to be
 * undone. What is under way is never turned away. Counts on any thread; what looks at the state belongs to the
 * coordinator's.
 */
final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    /** Requests may have 8 MB each. */
    private static final long MOST_QUEUED_BYTES = 64L * 1024 * 1024;

    /** An overload lasts, and is a thousand refusals a second. */
    private static final long TELL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Limits limits;
    private final CoordinatorObserver observer;
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TELL_EVERY_NANOS);

    Admission(Limits limits, CoordinatorObserver observer) {
        this.limits = limits;
        this.observer = observer;
    }

    /** Something has come that is to be decided, or an answer that is to wait for the log. */
    void entered(long bytes) {
        queued.incrementAndGet();
        queuedBytes.addAndGet(bytes);
    }

    /** It is decided, or the answer is out. */
    void left(int count, long bytes) {
        queued.addAndGet(-count);
        queuedBytes.addAndGet(-bytes);
    }

    int queued() {
        return queued.get();
    }

    /** Roughly what a command keeps of memory while it waits. */
    static long bytes(Command command) {
        if (command instanceof Command.RegisterBranch register) {
            return register.lockKey().length() + register.applicationData().length();
        }
        if (command instanceof Command.CheckRead check) {
            return check.lockKey().length()
                    + check.tables().stream().mapToLong(String::length).sum();
        }
        if (command instanceof Command.ReportBranch report) {
            return report.applicationData().length();
        }
        if (command instanceof Command.BranchAnswered answered) {
            return answered.message().length();
        }
        return command instanceof Command.QueryLock query ? query.lockKey().length() : 0;
    }

    /** True while nothing more should be read from clients. */
    boolean isFlooded() {
        return queued.get() >= 2L * limits.queuedCommands() || queuedBytes.get() >= MOST_QUEUED_BYTES;
    }

    /** The answer to a command that is not even queued; null when it is. */
    Message.@Nullable Response refusedAtTheDoor(Command command) {
        if (!(command instanceof Command.Begin begin) || queued.get() < limits.queuedCommands()) {
            return null;
        }
        return refusal(begin, "queued-commands", queued.get() + " requests wait", limits.queuedCommands());
    }

    /** The answer to a command for which there is no room in the state; null when there is. */
    Message.@Nullable Response refused(Command command, TransactionState state) {
        if (command instanceof Command.Begin begin) {
            int open = state.transactions().size();
            if (open >= limits.openTransactions()) {
                return refusal(
                        begin, "open-transactions", open + " global transactions are open", limits.openTransactions());
            }
            if (state.bytes() >= limits.stateBytes()) {
                return refusal(
                        begin,
                        "state-bytes",
                        "what is open takes about " + state.bytes() + " bytes",
                        limits.stateBytes());
            }
        } else if (command instanceof Command.RegisterBranch register
                && state.bytes() >= limits.stateBytes() + limits.stateBytes() / 2
                // Steps of sagas may be registered behind the decision.
                && (register.type() == BranchType.AT
                        || register.type() == BranchType.TCC
                        || register.type() == BranchType.XA)) {
            observer.onRefused("state-bytes");
            return new BranchRegisterResponse(
                    Result.failed(
                            TransactionError.BRANCH_REGISTER_FAILED,
                            "the coordinator is overloaded: what is open takes about " + state.bytes()
                                    + " bytes, far above entente.tc.limits.state-bytes of " + limits.stateBytes()
                                    + ". Let the transaction roll back, and try again later"),
                    0);
        }
        return null;
    }

    private Message.Response refusal(Command.Begin begin, String limit, String found, long most) {
        tell(limit, found, most);
        observer.onRefused(limit);
        return new GlobalBeginResponse(
                Result.failed(
                        TransactionError.BEGIN_FAILED,
                        "the coordinator is overloaded and did not begin '" + begin.name() + "': " + found
                                + ", entente.tc.limits." + limit + " is " + most
                                + ". Nothing has happened; try again later"),
                "",
                EntenteExtension.OVERLOADED);
    }

    private void tell(String limit, String found, long most) {
        refused.incrementAndGet();
        long told = toldNanos.get();
        long now = System.nanoTime();
        if (now - told >= TELL_EVERY_NANOS && toldNanos.compareAndSet(told, now)) {
            log.warn(
                    "New global transactions are refused, {} by now: {}, entente.tc.limits.{} is {}",
                    refused.get(),
                    found,
                    limit,
                    most);
        }
    }
}
