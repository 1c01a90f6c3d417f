package io.entente.tm.saga;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import java.util.List;

/** Questions over the branch channel, on which the sagas are served. */
record ChannelQuestions(BranchChannel channel) implements CoordinatorQuestions {

    @Override
    public boolean understandsSagas() {
        try {
            return channel.understandsEntente();
        } catch (BranchException e) {
            throw unanswered(e);
        }
    }

    @Override
    public Standing ask(String xid) {
        try {
            if (!channel.understandsEntente()) {
                GlobalStatus status = channel.status(xid);
                return new Standing(!isEnd(status), status, List.of());
            }
            Message.TransactionQueryResponse answer = channel.query(xid);
            return new Standing(answer.found(), answer.status(), answer.branches());
        } catch (BranchException e) {
            throw unanswered(e);
        }
    }

    private static CoordinatorUnreachableException unanswered(BranchException e) {
        CoordinatorUnreachableException unreachable =
                new CoordinatorUnreachableException(String.valueOf(e.getMessage()), false);
        unreachable.addSuppressed(e);
        return unreachable;
    }

    private static boolean isEnd(GlobalStatus status) {
        return switch (status) {
            case COMMITTED, ROLLED_BACK, TIMEOUT_ROLLED_BACK, FINISHED -> true;
            default -> false;
        };
    }
}
