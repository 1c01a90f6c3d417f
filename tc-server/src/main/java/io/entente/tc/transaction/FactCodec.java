package io.entente.tc.transaction;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.protocol.Resolution;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Facts as bytes: a kind, then the fields in order. What is written here is on disks for years: kinds and fields are
 * never renumbered or reordered, new ones get new kinds.
 */
public final class FactCodec {
    private static final int FOUNDED = 1;
    private static final int BEGUN = 2;
    private static final int REGISTERED = 3;
    private static final int DATA_CHANGED = 4;
    private static final int MOVED = 5;
    private static final int FINISHED = 6;
    private static final int STUCK = 7;
    private static final int REMEMBERED = 8;
    private static final int CONFLICT = 9;
    private static final int RESOLUTION = 10;
    private static final int STUCK_FOR = 20;
    private static final int ACTION_ENDED = 21;
    private static final int ACTION = 22;
    private static final int LOCKS_RELEASED = 23;
    private static final int LOCKS_TAKEN_AGAIN = 24;
    private static final int NOTICE_CONFIRMED = 25;
    private static final int REGISTRATION = 26;

    private FactCodec() {}

    /** Appends {@code fact}. */
    public static void write(ByteBuf out, Fact fact) {
        if (fact instanceof Fact.TransactionBegun f) {
            out.writeByte(BEGUN).writeLong(f.id());
            writeText(out, f.xid());
            writeText(out, f.applicationId());
            writeText(out, f.group());
            writeText(out, f.name());
            out.writeInt(f.timeoutMillis()).writeLong(f.at());
        } else if (fact instanceof Fact.BranchRegistered f) {
            out.writeByte(REGISTERED).writeLong(f.transactionId()).writeLong(f.branchId());
            out.writeByte(f.type().code());
            writeText(out, f.resourceId());
            writeText(out, f.clientId());
            writeText(out, f.lockKey());
            writeText(out, f.applicationData());
            out.writeLong(f.at());
        } else if (fact instanceof Fact.RegistrationKnown f) {
            out.writeByte(REGISTRATION).writeLong(f.transactionId()).writeLong(f.branchId());
            out.writeLong(f.registration());
        } else if (fact instanceof Fact.BranchDataChanged f) {
            out.writeByte(DATA_CHANGED).writeLong(f.transactionId()).writeLong(f.branchId());
            writeText(out, f.applicationData());
        } else if (fact instanceof Fact.TransactionMoved f) {
            out.writeByte(MOVED).writeLong(f.transactionId());
            out.writeByte(code(f.move())).writeLong(f.at());
        } else if (fact instanceof Fact.BranchFinished f) {
            out.writeByte(FINISHED).writeLong(f.transactionId()).writeLong(f.branchId());
        } else if (fact instanceof Fact.CoordinatorFounded f) {
            out.writeByte(FOUNDED).writeLong(f.firstId());
        } else if (fact instanceof Fact.OutcomeRemembered f) {
            out.writeByte(REMEMBERED).writeLong(f.transactionId());
            out.writeByte(f.end().status().code());
        } else if (fact instanceof Fact.ConflictReported f) {
            out.writeByte(CONFLICT).writeLong(f.transactionId()).writeLong(f.branchId());
            writeText(out, f.rows());
        } else if (fact instanceof Fact.ResolutionChosen f) {
            out.writeByte(RESOLUTION).writeLong(f.transactionId()).writeLong(f.branchId());
            out.writeByte(f.resolution().code());
            writeText(out, f.by());
            out.writeLong(f.at()).writeBoolean(f.answered());
        } else {
            writeOfOperators(out, fact);
        }
    }

    private static void writeOfOperators(ByteBuf out, Fact fact) {
        if (fact instanceof Fact.BranchStuck f) {
            out.writeByte(STUCK_FOR).writeLong(f.transactionId()).writeLong(f.branchId());
            out.writeByte(f.why().code());
            writeText(out, f.reason());
            out.writeLong(f.at());
        } else if (fact instanceof Fact.ActionEnded f) {
            out.writeByte(ACTION_ENDED).writeLong(f.transactionId()).writeLong(f.branchId());
            out.writeByte(f.resolution().code()).writeByte(f.outcome().code());
            out.writeLong(f.at());
            writeText(out, f.note());
        } else if (fact instanceof Fact.ActionRemembered f) {
            OperatorAction action = f.action();
            out.writeByte(ACTION).writeLong(f.transactionId()).writeLong(action.branchId());
            out.writeByte(action.resolution().code());
            writeText(out, action.by());
            out.writeLong(action.at()).writeByte(action.outcome().code());
            out.writeLong(action.outcomeAt());
            writeText(out, action.note());
        } else if (fact instanceof Fact.LocksReleased f) {
            out.writeByte(LOCKS_RELEASED).writeLong(f.transactionId()).writeLong(f.branchId());
            writeText(out, f.lockKey());
        } else if (fact instanceof Fact.LocksTakenAgain f) {
            out.writeByte(LOCKS_TAKEN_AGAIN).writeLong(f.transactionId()).writeLong(f.branchId());
        } else if (fact instanceof Fact.NoticeConfirmed f) {
            out.writeByte(NOTICE_CONFIRMED).writeLong(f.transactionId()).writeLong(f.branchId());
            writeText(out, f.receiver());
        } else {
            throw new IllegalArgumentException("no bytes for " + fact);
        }
    }

    /**
     * Reads one fact.
     *
     * @throws IllegalStateException when the bytes are from a later version
     */
    public static Fact read(ByteBuf in) {
        int kind = in.readByte();
        return switch (kind) {
            case BEGUN ->
                new Fact.TransactionBegun(
                        in.readLong(),
                        readText(in),
                        readText(in),
                        readText(in),
                        readText(in),
                        in.readInt(),
                        in.readLong());
            case REGISTERED ->
                new Fact.BranchRegistered(
                        in.readLong(),
                        in.readLong(),
                        BranchType.fromCode(in.readByte()),
                        readText(in),
                        readText(in),
                        readText(in),
                        readText(in),
                        in.readLong());
            case REGISTRATION -> new Fact.RegistrationKnown(in.readLong(), in.readLong(), in.readLong());
            case DATA_CHANGED -> new Fact.BranchDataChanged(in.readLong(), in.readLong(), readText(in));
            case MOVED -> new Fact.TransactionMoved(in.readLong(), move(in.readByte()), in.readLong());
            case FINISHED -> new Fact.BranchFinished(in.readLong(), in.readLong());
            case STUCK ->
                new Fact.BranchStuck(
                        in.readLong(),
                        in.readLong(),
                        AttentionReason.RESOURCE_MANAGER_GAVE_UP,
                        readText(in),
                        in.readLong());
            case STUCK_FOR ->
                new Fact.BranchStuck(
                        in.readLong(),
                        in.readLong(),
                        AttentionReason.fromCode(in.readByte()),
                        readText(in),
                        in.readLong());
            case ACTION_ENDED ->
                new Fact.ActionEnded(
                        in.readLong(),
                        in.readLong(),
                        Resolution.fromCode(in.readByte()),
                        OperatorAction.Outcome.fromCode(in.readByte()),
                        in.readLong(),
                        readText(in));
            case ACTION -> new Fact.ActionRemembered(in.readLong(), action(in));
            case LOCKS_RELEASED -> new Fact.LocksReleased(in.readLong(), in.readLong(), readText(in));
            case LOCKS_TAKEN_AGAIN -> new Fact.LocksTakenAgain(in.readLong(), in.readLong());
            case NOTICE_CONFIRMED -> new Fact.NoticeConfirmed(in.readLong(), in.readLong(), readText(in));
            case FOUNDED -> new Fact.CoordinatorFounded(in.readLong());
            case REMEMBERED -> new Fact.OutcomeRemembered(in.readLong(), end(in.readByte()));
            case CONFLICT -> new Fact.ConflictReported(in.readLong(), in.readLong(), readText(in));
            case RESOLUTION ->
                new Fact.ResolutionChosen(
                        in.readLong(),
                        in.readLong(),
                        Resolution.fromCode(in.readByte()),
                        readText(in),
                        in.readLong(),
                        in.readBoolean());
            default ->
                throw new IllegalStateException("the log holds a fact of kind " + kind
                        + ", which this version does not know: start the version that wrote it");
        };
    }

    private static OperatorAction action(ByteBuf in) {
        return new OperatorAction(
                in.readLong(),
                Resolution.fromCode(in.readByte()),
                readText(in),
                in.readLong(),
                OperatorAction.Outcome.fromCode(in.readByte()),
                in.readLong(),
                readText(in));
    }

    private static int code(Phase.Move move) {
        return switch (move) {
            case DECIDE_COMMIT -> 1;
            case DECIDE_ROLLBACK -> 2;
            case TIME_OUT -> 3;
            case GIVE_UP -> 4;
            case RETRY -> 5;
            case END -> 6;
        };
    }

    private static Phase.Move move(int code) {
        return switch (code) {
            case 1 -> Phase.Move.DECIDE_COMMIT;
            case 2 -> Phase.Move.DECIDE_ROLLBACK;
            case 3 -> Phase.Move.TIME_OUT;
            case 4 -> Phase.Move.GIVE_UP;
            case 5 -> Phase.Move.RETRY;
            case 6 -> Phase.Move.END;
            default ->
                throw new IllegalStateException("the log holds a move " + code + ", which this version does not know");
        };
    }

    private static Phase end(int statusCode) {
        for (Phase phase : new Phase[] {Phase.COMMITTED, Phase.ROLLED_BACK, Phase.TIMEOUT_ROLLED_BACK}) {
            if (phase.status().code() == statusCode) {
                return phase;
            }
        }
        throw new IllegalStateException(
                "the log holds an outcome " + statusCode + ", which this version does not know");
    }

    private static void writeText(ByteBuf out, String text) {
        int length = ByteBufUtil.utf8Bytes(text);
        out.writeInt(length);
        ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    }

    private static String readText(ByteBuf in) {
        return in.readCharSequence(in.readInt(), StandardCharsets.UTF_8).toString();
    }
}
