package io.entente.tm.spring;

import io.entente.tm.CapturedTransaction;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.WorkNotEndedException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The vote of one request on the transaction it takes part in; given once, in a response header while that is possible. */
final class ParticipantVote {

    private static final Logger log = LoggerFactory.getLogger(ParticipantVote.class);
    private static final int SERVER_ERROR = 500;

    private final CapturedTransaction transaction;
    private final GlobalTransactionTemplate template;
    private final String request;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable String failure;
    private volatile boolean sent;

    /** @param request method and path, for messages */
    ParticipantVote(CapturedTransaction transaction, GlobalTransactionTemplate template, String request) {
        this.transaction = transaction;
        this.template = template;
        this.request = request;
    }

    CapturedTransaction transaction() {
        return transaction;
    }

    /** The request failed; the first failure is kept. */
    void failed(String reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    void answered(int status) {
        if (status >= SERVER_ERROR) {
            failed("it answered with status " + status);
        }
    }

    /** Puts the vote into the response if there is one to give and the headers have not left yet. */
    void castInto(HttpServletResponse response) {
        endWork();
        if (reason() != null && !response.isCommitted()) {
            response.setHeader(TransactionHeaders.VOTE, TransactionHeaders.ROLLBACK_ONLY);
            sent = true;
        }
    }

    /** The request is over. A vote that came after the headers had left goes to the coordinator instead. */
    void close(HttpServletResponse response) {
        answered(response.getStatus());
        castInto(response);
        String reason = reason();
        if (reason == null || sent || !closed.compareAndSet(false, true)) {
            return;
        }
        String xid = String.valueOf(transaction.xid());
        log.warn(
                "{} failed after its response had begun, so the caller cannot be told; rolling back the global"
                        + " transaction at the coordinator. xid={} reason={}",
                request,
                xid,
                reason);
        template.rollBack(xid, new IllegalStateException(request + " failed: " + reason));
    }

    /** The caller may commit as soon as it has the response. */
    private void endWork() {
        if (reason() != null) {
            return;
        }
        try {
            transaction.endWork();
        } catch (WorkNotEndedException e) {
            log.warn("{} votes for rollback: {}", request, e.getMessage(), e);
        }
    }

    private @Nullable String reason() {
        String rollbackOnly = transaction.rollbackOnlyReason();
        return rollbackOnly != null ? rollbackOnly : failure;
    }
}
