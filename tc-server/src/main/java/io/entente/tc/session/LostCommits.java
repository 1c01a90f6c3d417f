package io.entente.tc.session;

import io.entente.protocol.Message;
import io.entente.protocol.ProtocolVersion;
import io.entente.tc.coordinator.Caller;

/**
 * Makes Seata's clients throw when a commit was none.
 *
 * <p>They ignore whether the answer says that it failed, and look at its status alone: those from 1.7 on at most that
 * belong to a rollback, those of 1.6 at two, older ones at none. What they would overlook, they are answered in a message
 * of another type. That, all of them take for a failure: they ask again, a few times, and then throw.
 */
final class LostCommits {
    private LostCommits() {}

    /** @return answers as {@code caller} does, but for commits that the client would wrongly take for done */
    static Caller noticed(Session session, Caller caller) {
        return session.understandsEntente() ? caller : response -> caller.answer(noticed(session.version(), response));
    }

    static Message.Response noticed(ProtocolVersion version, Message.Response response) {
        return response instanceof Message.GlobalCommitResponse answer && !isRightFor(version, answer)
                ? new Message.GlobalRollbackResponse(answer.result(), answer.status())
                : response;
    }

    private static boolean isRightFor(ProtocolVersion version, Message.GlobalCommitResponse answer) {
        return switch (answer.status()) {
            case COMMITTING, COMMIT_RETRYING, ASYNC_COMMITTING, COMMITTED, COMMIT_FAILED, COMMIT_RETRY_TIMEOUT -> true;
            case TIMEOUT_ROLLING_BACK, TIMEOUT_ROLLED_BACK -> version.isAtLeast(ProtocolVersion.NOTICES_TIMEOUTS);
            case FINISHED -> version.isAtLeast(ProtocolVersion.NOTICES_ROLLBACKS);
            default -> false;
        };
    }
}
