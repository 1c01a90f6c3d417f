package io.entente.tm.spring;

import io.entente.tm.CapturedTransaction;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;

/** What the answer of a called participant, or its absence, means for the caller's transaction. */
final class ParticipantAnswer {

    private static final String REMEDY = " If the caller deals with such a failure itself, it says so with"
            + " TransactionContext.waiveVotes() around the call.";

    private ParticipantAnswer() {}

    static void received(
            CapturedTransaction transaction, HttpMethod method, URI uri, HttpStatusCode status, @Nullable String vote) {
        if (TransactionHeaders.ROLLBACK_ONLY.equals(vote)) {
            transaction.vote(
                    describe(method, uri) + " answered " + status.value() + " and voted for rollback." + REMEDY);
        }
    }

    /**
     * A request that left and got no answer may have been carried out in part, so it counts as a vote for rollback.
     * One that never left does not.
     */
    static void missing(CapturedTransaction transaction, HttpMethod method, URI uri, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof HttpConnectTimeoutException) {
                return;
            }
        }
        transaction.vote(describe(method, uri) + " got no answer: " + failure + "." + REMEDY);
    }

    /** Without the query, which may hold what must not be logged. */
    private static String describe(HttpMethod method, URI uri) {
        return method + " " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }
}
