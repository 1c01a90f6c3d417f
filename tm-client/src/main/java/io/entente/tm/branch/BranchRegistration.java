package io.entente.tm.branch;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.protocol.codec.FrameDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What is registered as a branch.
 *
 * @param lockKey row locks to take with it, {@code table:key,key;table:key}; empty for none
 * @param applicationData told again in phase two
 */
public record BranchRegistration(
        String xid, BranchType type, String resourceId, String lockKey, String applicationData) {

    /** Of application data; leaves room for the rest of a message. */
    private static final int MOST_BYTES = FrameDecoder.MAX_FRAME_LENGTH - 64 * 1024;

    Message.BranchRegisterRequest request() throws BranchRefusedException {
        requireSendable(applicationData);
        return new Message.BranchRegisterRequest(xid, type, resourceId, lockKey, applicationData);
    }

    /** What does not fit into a frame would break the line for everybody. */
    static void requireSendable(String applicationData) throws BranchRefusedException {
        // Most are short, and three bytes are the most that a char takes.
        if (applicationData.length() <= MOST_BYTES / 3) {
            return;
        }
        int bytes = applicationData.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new BranchRefusedException(
                    TransactionError.BRANCH_REGISTER_FAILED,
                    "the arguments, input or results to be kept for the branch take " + bytes
                            + " bytes as JSON, and there is room for " + MOST_BYTES
                            + ". Keep them in your database, and pass their key");
        }
    }
}
