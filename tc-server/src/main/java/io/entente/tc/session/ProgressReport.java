package io.entente.tc.session;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message.BranchProgress;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Message.TransactionQueryResponse;
import io.entente.protocol.TransactionError;
import io.entente.protocol.codec.FrameDecoder;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.Transactions;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** Tells a client how far a global transaction is. */
final class ProgressReport {
    /** Beyond this the answer would not fit into a frame, and would end the connection instead of arriving. */
    private static final int MOST_BYTES = FrameDecoder.MAX_FRAME_LENGTH - 1024 * 1024;

    /** What a branch takes besides its texts, roughly, and the longest failure text that is passed on whole. */
    private static final int BYTES_PER_BRANCH = 64;

    private static final int MOST_CHARS_OF_FAILURE = 1_000;

    private ProgressReport() {}

    static TransactionQueryResponse of(String xid, Coordinator.View view) {
        GlobalTransaction transaction = Transactions.find(view.state(), xid);
        if (transaction == null) {
            GlobalStatus end = Transactions.status(view.state(), xid);
            return new TransactionQueryResponse(Result.OK, false, end, List.of());
        }
        List<BranchProgress> branches = new ArrayList<>();
        long bytes = 0;
        for (Branch branch : transaction.branches()) {
            BranchProgress progress = progress(transaction, branch, view);
            branches.add(progress);
            bytes += BYTES_PER_BRANCH
                    + ByteBufUtil.utf8Bytes(progress.resourceId())
                    + ByteBufUtil.utf8Bytes(progress.applicationData())
                    + ByteBufUtil.utf8Bytes(progress.lastFailure());
        }
        return bytes <= MOST_BYTES
                ? new TransactionQueryResponse(Result.OK, true, transaction.status(), branches)
                : new TransactionQueryResponse(
                        Result.failed(
                                TransactionError.UNKNOWN,
                                "the " + branches.size() + " branches of " + xid + " take " + bytes
                                        + " bytes; one answer has room for " + MOST_BYTES
                                        + ". The coordinator's REST API shows them."),
                        true,
                        transaction.status(),
                        List.of());
    }

    private static BranchProgress progress(GlobalTransaction transaction, Branch branch, Coordinator.View view) {
        String failure = view.lastFailure(branch.id());
        for (Fact.BranchStuck stuck : transaction.stuck()) {
            if (stuck.branchId() == branch.id()) {
                failure = stuck.reason();
            }
        }
        return new BranchProgress(
                branch.id(),
                branch.type(),
                branch.resourceId(),
                branch.applicationData(),
                view.failures(branch.id()),
                failure == null ? "" : shortened(failure));
    }

    private static String shortened(String text) {
        return text.length() <= MOST_CHARS_OF_FAILURE ? text : text.substring(0, MOST_CHARS_OF_FAILURE) + "…";
    }
}
