package io.entente.tm.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * A failure of a handler that Spring MVC has answered with status 200 and nothing, because it guesses from the words of
 * its cause ("broken pipe", "connection reset by peer", an EOFException) that its own client has gone. When a database, a
 * coordinator or another service has gone instead, the client is there and takes the answer for success.
 */
final class SwallowedFailure {

    private static final Logger log = LoggerFactory.getLogger(SwallowedFailure.class);

    /** Where Spring's DispatcherServlet, which need not be on the class path, leaves the exception of a handler. */
    private static final String EXCEPTION = "org.springframework.web.servlet.DispatcherServlet.EXCEPTION";

    /** What the servers, and Spring, throw when it really is the client; the simple names of their exceptions. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("ClientAbortException", "EofException", "AbortedException", "AsyncRequestNotUsableException");

    private SwallowedFailure() {}

    /**
     * Answers such a failure with status 500 after all, as Spring does with others.
     *
     * @throws IOException the response cannot be written
     */
    static void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()
                || response.getStatus() != HttpServletResponse.SC_OK
                || !(request.getAttribute(EXCEPTION) instanceof Exception failure)
                || !DisconnectedClientHelper.isClientDisconnectedException(failure)
                || isOfTheClient(failure)) {
            return;
        }
        log.error(
                "{} {} failed, and Spring took its failure for a client that has gone; answered with status 500",
                request.getMethod(),
                request.getRequestURI(),
                failure);
        response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    private static boolean isOfTheClient(Throwable failure) {
        Throwable at = failure;
        for (Throwable next = at; next != null; next = at.getCause()) {
            at = next;
            if (OF_THE_CLIENT.contains(at.getClass().getSimpleName())) {
                return true;
            }
        }
        return false;
    }
}
