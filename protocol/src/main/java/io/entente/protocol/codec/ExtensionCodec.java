package io.entente.protocol.codec;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BranchAtWork;
import io.entente.protocol.Message.BranchProgress;
import io.entente.protocol.Message.BranchesAtWork;
import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Message.RowWaitWithdrawal;
import io.entente.protocol.Message.TransactionQuery;
import io.entente.protocol.Message.TransactionQueryResponse;
import io.entente.protocol.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The bodies of the messages that are ours alone, in the manner of Seata's: fixed order, big-endian. */
final class ExtensionCodec {
    /** An empty xid and an id. */
    private static final int LEAST_AT_WORK = 2 + 8;
    /** Id, type, empty resource, empty data, number, empty text. */
    private static final int LEAST_PROGRESS = 8 + 1 + 2 + 4 + 4 + 2;
    /** An empty name. */
    private static final int LEAST_TABLE = 2;

    private ExtensionCodec() {}

    static void write(ByteBuf out, Message message) {
        switch (message.type()) {
            case BRANCHES_AT_WORK -> {
                List<BranchAtWork> branches = ((BranchesAtWork) message).branches();
                out.writeInt(branches.size());
                for (BranchAtWork branch : branches) {
                    Texts.write16(out, branch.xid(), "xid");
                    out.writeLong(branch.branchId());
                }
            }
            case TRANSACTION_QUERY -> Texts.write16(out, ((TransactionQuery) message).xid(), "xid");
            case TRANSACTION_QUERY_RESPONSE -> {
                TransactionQueryResponse m = (TransactionQueryResponse) message;
                MessageCodec.writeResult(out, m.result());
                out.writeByte(m.found() ? 1 : 0);
                out.writeByte(m.status().code());
                out.writeInt(m.branches().size());
                for (BranchProgress branch : m.branches()) {
                    writeProgress(out, branch);
                }
            }
            case READ_CHECK -> {
                ReadCheck m = (ReadCheck) message;
                Texts.write16(out, m.xid(), "xid");
                Texts.write16(out, m.resourceId(), "resourceId");
                out.writeInt(m.tables().size());
                for (String table : m.tables()) {
                    Texts.write16(out, table, "table");
                }
                Texts.write32(out, m.lockKey());
                out.writeLong(m.mark());
                Texts.write32(out, m.applicationData());
            }
            case READ_CHECK_RESPONSE -> {
                ReadCheckResponse m = (ReadCheckResponse) message;
                MessageCodec.writeResult(out, m.result());
                out.writeByte(m.committed() ? 1 : 0);
                out.writeLong(m.mark());
            }
            case ROW_WAIT_WITHDRAWAL -> out.writeInt(((RowWaitWithdrawal) message).requestId());
            default -> throw new IllegalArgumentException("there is no way to write " + message);
        }
    }

    static Message read(ByteBuf in, MessageType type) {
        return switch (type) {
            case BRANCHES_AT_WORK -> {
                int count = readCount(in, LEAST_AT_WORK, "branches at work");
                List<BranchAtWork> branches = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    branches.add(new BranchAtWork(Texts.read16(in, "xid"), MessageCodec.readLong(in, "branchId")));
                }
                yield new BranchesAtWork(branches);
            }
            case TRANSACTION_QUERY -> new TransactionQuery(Texts.read16(in, "xid"));
            case TRANSACTION_QUERY_RESPONSE -> {
                Result result = MessageCodec.readResult(in);
                boolean found = MessageCodec.readBoolean8(in);
                GlobalStatus status = MessageCodec.readGlobalStatus(in);
                int count = readCount(in, LEAST_PROGRESS, "branches of a transaction");
                List<BranchProgress> branches = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    branches.add(readProgress(in));
                }
                yield new TransactionQueryResponse(result, found, status, branches);
            }
            case READ_CHECK -> {
                String xid = Texts.read16(in, "xid");
                String resourceId = Texts.read16(in, "resourceId");
                int count = readCount(in, LEAST_TABLE, "tables");
                List<String> tables = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    tables.add(Texts.read16(in, "table"));
                }
                String lockKey = Texts.read32(in, "lockKey");
                long mark = MessageCodec.readLong(in, "mark");
                yield new ReadCheck(xid, resourceId, tables, lockKey, mark, Texts.read32(in, "applicationData"));
            }
            case READ_CHECK_RESPONSE -> {
                Result result = MessageCodec.readResult(in);
                boolean committed = MessageCodec.readBoolean8(in);
                yield new ReadCheckResponse(result, committed, MessageCodec.readLong(in, "mark"));
            }
            case ROW_WAIT_WITHDRAWAL -> new RowWaitWithdrawal(MessageCodec.readInt(in, "requestId"));
            default -> throw new IllegalStateException("no reader for " + type);
        };
    }

    private static void writeProgress(ByteBuf out, BranchProgress branch) {
        out.writeLong(branch.branchId());
        out.writeByte(branch.branchType().code());
        Texts.write16(out, branch.resourceId(), "resourceId");
        Texts.write32(out, branch.applicationData());
        out.writeInt(branch.failures());
        Texts.write16Truncated(out, branch.lastFailure());
    }

    private static BranchProgress readProgress(ByteBuf in) {
        return new BranchProgress(
                MessageCodec.readLong(in, "branchId"),
                MessageCodec.readBranchType(in),
                Texts.read16(in, "resourceId"),
                Texts.read32(in, "applicationData"),
                MessageCodec.readInt(in, "failures"),
                Texts.read16(in, "lastFailure"));
    }

    /** A count of more than the bytes could hold is a lie told to make us allocate. */
    private static int readCount(ByteBuf in, int leastBytesEach, String what) {
        int count = MessageCodec.readInt(in, "count of " + what);
        if (count < 0 || count > in.readableBytes() / leastBytesEach) {
            throw new MalformedFrameException(
                    "message announces " + count + " " + what + " in " + in.readableBytes() + " bytes");
        }
        return count;
    }
}
