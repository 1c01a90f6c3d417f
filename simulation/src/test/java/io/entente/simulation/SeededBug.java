package io.entente.simulation;

import io.entente.simulation.database.FenceRow;
import io.entente.simulation.database.UndoRow;
import io.entente.simulation.seam.Seams;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.FactCodec;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Bugs that a coordinator, or what surrounds it, could have. Each has to be found. */
enum SeededBug {
    /** An answer leaves before what it rests on is durable. */
    EARLY_ACKNOWLEDGEMENT(EarlyAcknowledgement::new, "AcknowledgedDecisions"),
    /** Rows stay locked for a branch that has been undone. */
    LOST_UNLOCK(LostUnlock::new, "LocksHaveOwners", "NothingUnexpected"),
    /** The changes of a branch are undone in the order in which they were made. */
    WRONG_UNDO_ORDER(WrongUndoOrder::new, "NothingUnexpected", "Atomicity", "BankSum"),
    /** What was confirmed or cancelled is so once more when it is asked for again. */
    DOUBLE_APPLY(DoubleApply::new, "Atomicity", "BankSum", "NothingLeftBehind"),
    /** The second answer of a branch counts for another one. */
    VOTE_COUNTED_TWICE(
            VoteCountedTwice::new,
            "Atomicity",
            "BankSum",
            "NothingLeftBehind",
            "UndoOrder",
            "NoDirtyReads",
            "EverythingEnds",
            "NothingUnexpected"),
    /** A resource manager answers before it has committed what it was asked for. */
    EARLY_ANSWER(
            EarlyAnswer::new,
            "Atomicity",
            "BankSum",
            "NothingLeftBehind",
            "NoDirtyReads",
            "NothingUnexpected",
            "UndoOrder"),
    /** A branch commits locally before it is registered. */
    COMMIT_BEFORE_REGISTRATION(CommitBeforeRegistration::new, "Atomicity", "BankSum", "NoDirtyReads"),
    /** The rows of a branch are not locked. */
    NO_LOCKS(NoLocks::new, "NothingUnexpected", "NoDirtyReads", "NoOverdraft"),
    /** Those who take from a number and those who add to it have it at the same time. */
    ONE_MODE_FOR_BOTH_DIRECTIONS(OneModeForBothDirections::new, "NoOverdraft"),
    /** A coordinator that has lost the lead without knowing it tells what it knows. */
    STALE_READ(StaleRead::new, "NoDirtyReads", "Atomicity"),
    /** A snapshot is of an earlier moment than it says. */
    OLD_SNAPSHOT(OldSnapshot::new, "LocksHaveOwners", "ReplayEqualsLive", "NothingUnexpected", "EverythingEnds");

    private final Supplier<Seams> bug;
    private final List<String> foundBy;

    SeededBug(Supplier<Seams> bug, String... foundBy) {
        this.bug = bug;
        this.foundBy = List.of(foundBy);
    }

    /** For one run. */
    Seams seams() {
        return bug.get();
    }

    /** The invariants that it breaks. */
    List<String> foundBy() {
        return foundBy;
    }

    /** A log that does what another does. */
    private static class ForwardingLog implements TransactionLog {
        private final TransactionLog log;

        ForwardingLog(TransactionLog log) {
            this.log = log;
        }

        @Override
        public Recovery recover(LogReplay replay) {
            return log.recover(replay);
        }

        @Override
        public long append(ByteBuffer payload, LongConsumer whenDurable) {
            return log.append(payload, whenDurable);
        }

        @Override
        public void barrier(Runnable whenDurable) {
            log.barrier(whenDurable);
        }

        @Override
        public boolean leadsForSure() {
            return log.leadsForSure();
        }

        @Override
        public CompletableFuture<Void> snapshot(long index, SnapshotWriter state) {
            return log.snapshot(index, state);
        }

        @Override
        public long bytesSinceSnapshot() {
            return log.bytesSinceSnapshot();
        }

        @Override
        public LogStatistics statistics() {
            return log.statistics();
        }

        @Override
        public void close() {
            log.close();
        }
    }

    private static final class EarlyAcknowledgement implements Seams {
        @Override
        public TransactionLog log(TransactionLog log) {
            return new ForwardingLog(log) {
                @Override
                public long append(ByteBuffer payload, LongConsumer whenDurable) {
                    long index = super.append(payload, any -> {});
                    whenDurable.accept(index);
                    return index;
                }
            };
        }
    }

    private static final class LostUnlock implements Seams {
        @Override
        public TransactionLog log(TransactionLog log) {
            return new ForwardingLog(log) {
                @Override
                public Recovery recover(LogReplay replay) {
                    return super.recover(new LogReplay() {
                        @Override
                        public void onSnapshot(long index, InputStream state) throws IOException {
                            replay.onSnapshot(index, state);
                        }

                        @Override
                        public void onEntry(long index, ByteBuffer payload) {
                            replay.onEntry(index, withoutUnlocks(payload));
                        }
                    });
                }
            };
        }

        /** Of branches with which their transaction ends. */
        private static ByteBuffer withoutUnlocks(ByteBuffer payload) {
            List<Fact> facts = new ArrayList<>();
            ByteBuf bytes = Unpooled.wrappedBuffer(payload);
            while (bytes.isReadable()) {
                facts.add(FactCodec.read(bytes));
            }
            ByteBuf left = Unpooled.buffer();
            for (int i = 0; i < facts.size(); i++) {
                boolean last = facts.get(i) instanceof Fact.BranchFinished
                        && i + 1 < facts.size()
                        && facts.get(i + 1) instanceof Fact.TransactionMoved moved
                        && moved.move() == Phase.Move.END;
                if (!last) {
                    FactCodec.write(left, facts.get(i));
                }
            }
            return left.nioBuffer();
        }
    }

    private static final class WrongUndoOrder implements Seams {
        @Override
        public List<UndoRow.RowChange> toUndo(List<UndoRow.RowChange> backwards) {
            List<UndoRow.RowChange> forwards = new ArrayList<>(backwards);
            Collections.reverse(forwards);
            return forwards;
        }
    }

    private static final class DoubleApply implements Seams {
        @Override
        public FenceRow fence(FenceRow row) {
            return row == null || row.status() == FenceRow.Status.SUSPENDED
                    ? row
                    : new FenceRow(row.xid(), FenceRow.Status.TRIED);
        }
    }

    private static final class VoteCountedTwice implements Seams {
        private final Set<Long> answered = new HashSet<>();

        @Override
        public Command.BranchAnswered answered(Command.BranchAnswered answer, TransactionState state) {
            GlobalTransaction transaction = Transactions.find(state, answer.xid());
            if (!answered.add(answer.branchId()) && transaction != null) {
                for (Branch other : transaction.branches()) {
                    if (other.id() != answer.branchId()) {
                        return new Command.BranchAnswered(answer.xid(), other.id(), answer.status(), answer.message());
                    }
                }
            }
            return answer;
        }
    }

    private static final class EarlyAnswer implements Seams {
        @Override
        public boolean answersEarly() {
            return true;
        }
    }

    private static final class CommitBeforeRegistration implements Seams {
        @Override
        public boolean commitsFirst() {
            return true;
        }
    }

    private static final class NoLocks implements Seams {
        @Override
        public String lockKey(String lockKey) {
            return "";
        }
    }

    private static final class OneModeForBothDirections implements Seams {
        @Override
        public String lockKey(String lockKey) {
            return lockKey.replace("%(n-)", "%(n)").replace("%(n+)", "%(n)");
        }
    }

    private static final class StaleRead implements Seams {
        @Override
        public TransactionLog log(TransactionLog log) {
            return new ForwardingLog(log) {
                @Override
                public boolean leadsForSure() {
                    return true;
                }
            };
        }
    }

    private static final class OldSnapshot implements Seams {
        @Override
        public TransactionLog log(TransactionLog log) {
            return new ForwardingLog(log) {
                private byte[] before = new byte[0];

                @Override
                public CompletableFuture<Void> snapshot(long index, SnapshotWriter state) {
                    byte[] old = before;
                    ByteArrayOutputStream now = new ByteArrayOutputStream();
                    try {
                        state.writeTo(now);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                    before = now.toByteArray();
                    return super.snapshot(index, out -> out.write(old));
                }
            };
        }
    }
}
