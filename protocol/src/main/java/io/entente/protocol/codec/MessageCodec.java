package io.entente.protocol.codec;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BatchResponse;
import io.entente.protocol.Message.BranchCommitRequest;
import io.entente.protocol.Message.BranchCommitResponse;
import io.entente.protocol.Message.BranchRegisterRequest;
import io.entente.protocol.Message.BranchRegisterResponse;
import io.entente.protocol.Message.BranchReportRequest;
import io.entente.protocol.Message.BranchReportResponse;
import io.entente.protocol.Message.BranchRollbackRequest;
import io.entente.protocol.Message.BranchRollbackResponse;
import io.entente.protocol.Message.GlobalBeginRequest;
import io.entente.protocol.Message.GlobalBeginResponse;
import io.entente.protocol.Message.GlobalCommitRequest;
import io.entente.protocol.Message.GlobalCommitResponse;
import io.entente.protocol.Message.GlobalLockQueryRequest;
import io.entente.protocol.Message.GlobalLockQueryResponse;
import io.entente.protocol.Message.GlobalReportRequest;
import io.entente.protocol.Message.GlobalReportResponse;
import io.entente.protocol.Message.GlobalRollbackRequest;
import io.entente.protocol.Message.GlobalRollbackResponse;
import io.entente.protocol.Message.GlobalStatusRequest;
import io.entente.protocol.Message.GlobalStatusResponse;
import io.entente.protocol.Message.MergedRequest;
import io.entente.protocol.Message.MergedResponse;
import io.entente.protocol.Message.RegisterRmRequest;
import io.entente.protocol.Message.RegisterRmResponse;
import io.entente.protocol.Message.RegisterTmRequest;
import io.entente.protocol.Message.RegisterTmResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Message.UndoLogDeleteRequest;
import io.entente.protocol.Message.Unknown;
import io.entente.protocol.MessageType;
import io.entente.protocol.TransactionError;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The {@code seata} body codec: a type code of 16 bits, then the fields in a fixed order, big-endian.
 *
 * <p>Reading trusts nothing: every length is checked against what is left before anything is allocated.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /** Appends the type code and the fields of {@code message}. */
    public static void write(ByteBuf out, Message message) {
        out.writeShort(message.type().code());
        switch (message.type()) {
            case REGISTER_TM -> writeRegisterTm(out, (RegisterTmRequest) message);
            case REGISTER_TM_RESPONSE -> {
                RegisterTmResponse m = (RegisterTmResponse) message;
                writeRegistered(out, m.identified(), m.version());
            }
            case REGISTER_RM -> writeRegisterRm(out, (RegisterRmRequest) message);
            case REGISTER_RM_RESPONSE -> {
                RegisterRmResponse m = (RegisterRmResponse) message;
                writeRegistered(out, m.identified(), m.version());
            }
            case GLOBAL_BEGIN -> {
                GlobalBeginRequest m = (GlobalBeginRequest) message;
                out.writeInt(m.timeoutMillis());
                Texts.write16(out, m.transactionName(), "transactionName");
            }
            case GLOBAL_BEGIN_RESPONSE -> {
                GlobalBeginResponse m = (GlobalBeginResponse) message;
                writeResult(out, m.result());
                writeXid(out, m.xid(), m.extraData());
            }
            case GLOBAL_COMMIT -> {
                GlobalCommitRequest m = (GlobalCommitRequest) message;
                writeXid(out, m.xid(), m.extraData());
            }
            case GLOBAL_ROLLBACK -> {
                GlobalRollbackRequest m = (GlobalRollbackRequest) message;
                writeXid(out, m.xid(), m.extraData());
            }
            case GLOBAL_STATUS -> {
                GlobalStatusRequest m = (GlobalStatusRequest) message;
                writeXid(out, m.xid(), m.extraData());
            }
            case GLOBAL_REPORT -> {
                GlobalReportRequest m = (GlobalReportRequest) message;
                writeXid(out, m.xid(), m.extraData());
                out.writeByte(m.status().code());
            }
            case GLOBAL_COMMIT_RESPONSE -> {
                GlobalCommitResponse m = (GlobalCommitResponse) message;
                writeGlobalStatus(out, m.result(), m.status());
            }
            case GLOBAL_ROLLBACK_RESPONSE -> {
                GlobalRollbackResponse m = (GlobalRollbackResponse) message;
                writeGlobalStatus(out, m.result(), m.status());
            }
            case GLOBAL_STATUS_RESPONSE -> {
                GlobalStatusResponse m = (GlobalStatusResponse) message;
                writeGlobalStatus(out, m.result(), m.status());
            }
            case GLOBAL_REPORT_RESPONSE -> {
                GlobalReportResponse m = (GlobalReportResponse) message;
                writeGlobalStatus(out, m.result(), m.status());
            }
            default -> writeBranchOrBatch(out, message);
        }
    }

    private static void writeBranchOrBatch(ByteBuf out, Message message) {
        switch (message.type()) {
            case BRANCH_REGISTER -> {
                BranchRegisterRequest m = (BranchRegisterRequest) message;
                writeRows(out, m.xid(), m.branchType(), m.resourceId(), m.lockKey(), m.applicationData());
            }
            case GLOBAL_LOCK_QUERY -> {
                GlobalLockQueryRequest m = (GlobalLockQueryRequest) message;
                writeRows(out, m.xid(), m.branchType(), m.resourceId(), m.lockKey(), m.applicationData());
            }
            case BRANCH_REGISTER_RESPONSE -> {
                BranchRegisterResponse m = (BranchRegisterResponse) message;
                writeResult(out, m.result());
                out.writeLong(m.branchId());
            }
            case GLOBAL_LOCK_QUERY_RESPONSE -> {
                GlobalLockQueryResponse m = (GlobalLockQueryResponse) message;
                writeResult(out, m.result());
                out.writeShort(m.lockable() ? 1 : 0);
            }
            case BRANCH_REPORT -> writeReport(out, (BranchReportRequest) message);
            case BRANCH_REPORT_RESPONSE -> writeResult(out, ((BranchReportResponse) message).result());
            case BRANCH_COMMIT -> {
                BranchCommitRequest m = (BranchCommitRequest) message;
                writePhaseTwo(out, m.xid(), m.branchId(), m.branchType(), m.resourceId(), m.applicationData());
            }
            case BRANCH_ROLLBACK -> {
                BranchRollbackRequest m = (BranchRollbackRequest) message;
                writePhaseTwo(out, m.xid(), m.branchId(), m.branchType(), m.resourceId(), m.applicationData());
            }
            case BRANCH_COMMIT_RESPONSE -> {
                BranchCommitResponse m = (BranchCommitResponse) message;
                writePhaseTwoResult(out, m.result(), m.xid(), m.branchId(), m.status());
            }
            case BRANCH_ROLLBACK_RESPONSE -> {
                BranchRollbackResponse m = (BranchRollbackResponse) message;
                writePhaseTwoResult(out, m.result(), m.xid(), m.branchId(), m.status());
            }
            case UNDO_LOG_DELETE -> {
                UndoLogDeleteRequest m = (UndoLogDeleteRequest) message;
                out.writeByte(m.branchType().code());
                Texts.write16(out, m.resourceId(), "resourceId");
                out.writeShort(m.saveDays());
            }
            case MERGED -> {
                MergedRequest m = (MergedRequest) message;
                writeBatch(out, m.messages(), m.messageIds());
            }
            case MERGED_RESPONSE -> writeBatch(out, ((MergedResponse) message).messages(), List.of());
            case BATCH_RESPONSE -> {
                BatchResponse m = (BatchResponse) message;
                writeBatch(out, m.messages(), m.messageIds());
            }
            default -> ExtensionCodec.write(out, message);
        }
    }

    /**
     * Reads one message and leaves the reader index behind it.
     *
     * @throws MalformedFrameException when the bytes are no message
     */
    public static Message read(ByteBuf in) {
        need(in, 2, "the type code");
        int code = in.readShort();
        return switch (MessageType.fromCode(code)) {
            case REGISTER_TM ->
                new RegisterTmRequest(
                        Texts.read16(in, "version"),
                        Texts.read16(in, "applicationId"),
                        Texts.read16(in, "transactionServiceGroup"),
                        Texts.read16(in, "extraData"));
            case REGISTER_RM -> readRegisterRm(in);
            case REGISTER_TM_RESPONSE -> new RegisterTmResponse(readBoolean8(in), Texts.read16(in, "version"));
            case REGISTER_RM_RESPONSE -> new RegisterRmResponse(readBoolean8(in), Texts.read16(in, "version"));
            case GLOBAL_BEGIN -> new GlobalBeginRequest(readInt(in, "timeout"), Texts.read16(in, "transactionName"));
            case GLOBAL_BEGIN_RESPONSE ->
                new GlobalBeginResponse(readResult(in), Texts.read16(in, "xid"), Texts.read16(in, "extraData"));
            case GLOBAL_COMMIT -> new GlobalCommitRequest(Texts.read16(in, "xid"), Texts.read16(in, "extraData"));
            case GLOBAL_ROLLBACK -> new GlobalRollbackRequest(Texts.read16(in, "xid"), Texts.read16(in, "extraData"));
            case GLOBAL_STATUS -> new GlobalStatusRequest(Texts.read16(in, "xid"), Texts.read16(in, "extraData"));
            case GLOBAL_REPORT ->
                new GlobalReportRequest(
                        Texts.read16(in, "xid"), Texts.read16(in, "extraData"), readReportedGlobalStatus(in));
            case GLOBAL_COMMIT_RESPONSE -> new GlobalCommitResponse(readResult(in), readGlobalStatus(in));
            case GLOBAL_ROLLBACK_RESPONSE -> new GlobalRollbackResponse(readResult(in), readGlobalStatus(in));
            case GLOBAL_STATUS_RESPONSE -> new GlobalStatusResponse(readResult(in), readGlobalStatus(in));
            case GLOBAL_REPORT_RESPONSE -> new GlobalReportResponse(readResult(in), readGlobalStatus(in));
            case UNKNOWN -> new Unknown(code);
            default -> readBranchOrBatch(in, MessageType.fromCode(code));
        };
    }

    private static Message readBranchOrBatch(ByteBuf in, MessageType type) {
        return switch (type) {
            case BRANCH_REGISTER ->
                new BranchRegisterRequest(
                        Texts.read16(in, "xid"),
                        readBranchType(in),
                        Texts.read16(in, "resourceId"),
                        Texts.read32(in, "lockKey"),
                        Texts.read32(in, "applicationData"));
            case GLOBAL_LOCK_QUERY ->
                new GlobalLockQueryRequest(
                        Texts.read16(in, "xid"),
                        readBranchType(in),
                        Texts.read16(in, "resourceId"),
                        Texts.read32(in, "lockKey"),
                        Texts.read32(in, "applicationData"));
            case BRANCH_REGISTER_RESPONSE -> new BranchRegisterResponse(readResult(in), readLong(in, "branchId"));
            case GLOBAL_LOCK_QUERY_RESPONSE -> {
                Result result = readResult(in);
                need(in, 2, "lockable");
                yield new GlobalLockQueryResponse(result, in.readShort() == 1);
            }
            case BRANCH_REPORT ->
                new BranchReportRequest(
                        Texts.read16(in, "xid"),
                        readLong(in, "branchId"),
                        readBranchStatus(in),
                        Texts.read16(in, "resourceId"),
                        Texts.read32(in, "applicationData"),
                        readBranchType(in));
            case BRANCH_REPORT_RESPONSE -> new BranchReportResponse(readResult(in));
            case BRANCH_COMMIT ->
                new BranchCommitRequest(
                        Texts.read16(in, "xid"),
                        readLong(in, "branchId"),
                        readBranchType(in),
                        Texts.read16(in, "resourceId"),
                        Texts.read32(in, "applicationData"));
            case BRANCH_ROLLBACK ->
                new BranchRollbackRequest(
                        Texts.read16(in, "xid"),
                        readLong(in, "branchId"),
                        readBranchType(in),
                        Texts.read16(in, "resourceId"),
                        Texts.read32(in, "applicationData"));
            case BRANCH_COMMIT_RESPONSE ->
                new BranchCommitResponse(
                        readResult(in), Texts.read16(in, "xid"), readLong(in, "branchId"), readBranchStatus(in));
            case BRANCH_ROLLBACK_RESPONSE ->
                new BranchRollbackResponse(
                        readResult(in), Texts.read16(in, "xid"), readLong(in, "branchId"), readBranchStatus(in));
            case UNDO_LOG_DELETE -> {
                BranchType branchType = readBranchType(in);
                String resourceId = Texts.read16(in, "resourceId");
                need(in, 2, "saveDays");
                yield new UndoLogDeleteRequest(branchType, resourceId, in.readShort());
            }
            case MERGED -> {
                List<Message> messages = readBatch(in);
                yield new MergedRequest(messages, readMessageIds(in, messages.size()));
            }
            case MERGED_RESPONSE -> new MergedResponse(readBatch(in));
            case BATCH_RESPONSE -> {
                List<Message> messages = readBatch(in);
                yield new BatchResponse(messages, readMessageIds(in, messages.size()));
            }
            default -> ExtensionCodec.read(in, type);
        };
    }

    private static void writeRegisterTm(ByteBuf out, RegisterTmRequest m) {
        Texts.write16(out, m.version(), "version");
        Texts.write16(out, m.applicationId(), "applicationId");
        Texts.write16(out, m.transactionServiceGroup(), "transactionServiceGroup");
        Texts.write16(out, m.extraData(), "extraData");
    }

    private static void writeRegisterRm(ByteBuf out, RegisterRmRequest m) {
        Texts.write16(out, m.version(), "version");
        Texts.write16(out, m.applicationId(), "applicationId");
        Texts.write16(out, m.transactionServiceGroup(), "transactionServiceGroup");
        Texts.write16(out, m.extraData(), "extraData");
        Texts.write32(out, String.join(",", m.resourceIds()));
    }

    private static RegisterRmRequest readRegisterRm(ByteBuf in) {
        String version = Texts.read16(in, "version");
        String applicationId = Texts.read16(in, "applicationId");
        String group = Texts.read16(in, "transactionServiceGroup");
        String extraData = Texts.read16(in, "extraData");
        String resourceIds = Texts.read32(in, "resourceIds");
        List<String> ids = Arrays.stream(resourceIds.split(","))
                .filter(id -> !id.isEmpty())
                .toList();
        return new RegisterRmRequest(version, applicationId, group, extraData, ids);
    }

    private static void writeRegistered(ByteBuf out, boolean identified, String version) {
        out.writeByte(identified ? 1 : 0);
        Texts.write16(out, version, "version");
    }

    private static void writeXid(ByteBuf out, String xid, String extraData) {
        Texts.write16(out, xid, "xid");
        Texts.write16(out, extraData, "extraData");
    }

    private static void writeGlobalStatus(ByteBuf out, Result result, GlobalStatus status) {
        writeResult(out, result);
        out.writeByte(status.code());
    }

    private static void writeRows(
            ByteBuf out, String xid, BranchType type, String resourceId, String lockKey, String applicationData) {
        Texts.write16(out, xid, "xid");
        out.writeByte(type.code());
        Texts.write16(out, resourceId, "resourceId");
        Texts.write32(out, lockKey);
        Texts.write32(out, applicationData);
    }

    private static void writeReport(ByteBuf out, BranchReportRequest m) {
        Texts.write16(out, m.xid(), "xid");
        out.writeLong(m.branchId());
        out.writeByte(m.status().code());
        Texts.write16(out, m.resourceId(), "resourceId");
        Texts.write32(out, m.applicationData());
        out.writeByte(m.branchType().code());
    }

    private static void writePhaseTwo(
            ByteBuf out, String xid, long branchId, BranchType type, String resourceId, String applicationData) {
        Texts.write16(out, xid, "xid");
        out.writeLong(branchId);
        out.writeByte(type.code());
        Texts.write16(out, resourceId, "resourceId");
        Texts.write32(out, applicationData);
    }

    private static void writePhaseTwoResult(
            ByteBuf out, Result result, String xid, long branchId, BranchStatus status) {
        writeResult(out, result);
        Texts.write16(out, xid, "xid");
        out.writeLong(branchId);
        out.writeByte(status.code());
    }

    static void writeResult(ByteBuf out, Result result) {
        out.writeByte(result.success() ? 1 : 0);
        if (!result.success()) {
            Texts.write16Truncated(out, result.message());
        }
        out.writeByte(result.error().code());
    }

    static Result readResult(ByteBuf in) {
        boolean success = readBoolean8(in);
        String message = success ? "" : Texts.read16(in, "message");
        TransactionError error = TransactionError.fromCode(readByte(in, "exception code"));
        return success && error == TransactionError.UNKNOWN ? Result.OK : new Result(success, message, error);
    }

    private static void writeBatch(ByteBuf out, List<Message> messages, List<Integer> messageIds) {
        int lengthIndex = out.writerIndex();
        out.writeInt(0);
        out.writeShort(messages.size());
        for (Message message : messages) {
            write(out, message);
        }
        for (int id : messageIds) {
            out.writeInt(id);
        }
        out.setInt(lengthIndex, out.writerIndex() - lengthIndex - 4);
    }

    private static List<Message> readBatch(ByteBuf in) {
        int length = readInt(in, "batch length");
        if (length < 2 || length > in.readableBytes()) {
            throw new MalformedFrameException(
                    "batch announces " + length + " bytes, but " + in.readableBytes() + " are left in the body");
        }
        int count = in.readShort();
        // Every message takes two bytes at least, so a count above that is a lie told to make us allocate.
        if (count < 0 || count > in.readableBytes() / 2) {
            throw new MalformedFrameException(
                    "batch announces " + count + " messages in " + in.readableBytes() + " bytes");
        }
        List<Message> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Message message = read(in);
            switch (message.type()) {
                // Without a length of its own an unknown message hides where the next one begins.
                case UNKNOWN -> throw new MalformedFrameException("batch holds " + message);
                case MERGED, MERGED_RESPONSE, BATCH_RESPONSE ->
                    throw new MalformedFrameException("batch holds another batch");
                default -> messages.add(message);
            }
        }
        return messages;
    }

    private static List<Integer> readMessageIds(ByteBuf in, int count) {
        if (!in.isReadable()) {
            return List.of();
        }
        need(in, count * 4, "message ids");
        List<Integer> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(in.readInt());
        }
        return ids;
    }

    static boolean readBoolean8(ByteBuf in) {
        return readByte(in, "flag") == 1;
    }

    static BranchType readBranchType(ByteBuf in) {
        return BranchType.fromCode(readByte(in, "branch type"));
    }

    private static BranchStatus readBranchStatus(ByteBuf in) {
        return BranchStatus.fromCode(readByte(in, "branch status"));
    }

    static GlobalStatus readGlobalStatus(ByteBuf in) {
        return GlobalStatus.fromCode(readByte(in, "global status"));
    }

    /** A report may leave the status out, which Seata writes as −1. */
    private static GlobalStatus readReportedGlobalStatus(ByteBuf in) {
        int code = readByte(in, "global status");
        return code == -1 ? GlobalStatus.UNKNOWN : GlobalStatus.fromCode(code);
    }

    private static int readByte(ByteBuf in, String field) {
        need(in, 1, field);
        return in.readByte();
    }

    static int readInt(ByteBuf in, String field) {
        need(in, 4, field);
        return in.readInt();
    }

    static long readLong(ByteBuf in, String field) {
        need(in, 8, field);
        return in.readLong();
    }

    private static void need(ByteBuf in, int bytes, String field) {
        if (in.readableBytes() < bytes) {
            throw new MalformedFrameException(
                    "body ends at " + field + ": " + bytes + " bytes needed, " + in.readableBytes() + " left");
        }
    }
}
