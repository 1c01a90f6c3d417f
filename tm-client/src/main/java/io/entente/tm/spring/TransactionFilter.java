package io.entente.tm.spring;

import io.entente.tm.CapturedTransaction;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request take part in the global transaction named by its header, for exactly as long as it is handled, and
 * votes for rollback in the response when the handling failed: when it marked the transaction rollback-only, let an
 * exception escape, or answered with a status of 500 or more.
 */
final class TransactionFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(TransactionFilter.class);
    private static final String VOTE = ParticipantVote.class.getName();

    /** What a coordinator may call a transaction: visible ASCII without commas, short enough for every undo table. */
    private static final Pattern XID = Pattern.compile("[!-~&&[^,]]{1,128}");

    private final Supplier<GlobalTransactionTemplate> template;

    TransactionFilter(Supplier<GlobalTransactionTemplate> template) {
        this.template = template;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ParticipantVote vote = voteOf(request);
        if (vote == null) {
            // A pooled thread must never lend a request what an earlier one left behind.
            try (var scope = TransactionContext.suspend()) {
                chain.doFilter(request, response);
            }
            SwallowedFailure.answer(request, response);
        } else if (request.getDispatcherType() == DispatcherType.ERROR) {
            // The failed transaction is none of the error page's business; the container may have reset the headers.
            vote.castInto(response);
            chain.doFilter(request, response);
        } else {
            participate(request, response, chain, vote);
        }
    }

    @Override
    protected void doFilterNestedErrorDispatch(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        doFilterInternal(request, response, chain);
    }

    private static void participate(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, ParticipantVote vote)
            throws ServletException, IOException {
        WebAsyncUtils.getAsyncManager(request).registerCallableInterceptor(VOTE, new CallableScope(vote.transaction()));
        VotingResponse voting = new VotingResponse(response, vote);
        try (var scope = vote.transaction().bind()) {
            chain.doFilter(request, voting);
            SwallowedFailure.answer(request, voting);
        } catch (ServletException | IOException | RuntimeException | Error e) {
            vote.failed(e.toString());
            throw e;
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new CompletionListener(vote, response));
            } else {
                vote.close(response);
            }
        }
    }

    /** The vote of this request, kept over all its dispatches; null when it takes part in no transaction. */
    private @Nullable ParticipantVote voteOf(HttpServletRequest request) {
        if (request.getAttribute(VOTE) instanceof ParticipantVote present) {
            return present;
        }
        String xid = xidOf(request);
        if (xid == null || request.getDispatcherType() == DispatcherType.ERROR) {
            return null;
        }
        ParticipantVote vote =
                new ParticipantVote(joined(xid), template.get(), request.getMethod() + " " + request.getRequestURI());
        request.setAttribute(VOTE, vote);
        return vote;
    }

    private static CapturedTransaction joined(String xid) {
        try (var nothing = TransactionContext.suspend();
                var scope = TransactionContext.bind(xid)) {
            return TransactionContext.capture();
        }
    }

    private static @Nullable String xidOf(HttpServletRequest request) {
        List<String> values = Collections.list(request.getHeaders(TransactionHeaders.XID));
        if (values.isEmpty()) {
            return null;
        }
        String xid = values.get(0);
        if (values.size() == 1 && XID.matcher(xid).matches()) {
            return xid;
        }
        log.warn(
                "Header {} of {} {} ignored: {} value(s), the first of {} characters; expected one value of at most 128"
                        + " visible characters. The request runs outside the caller's global transaction.",
                TransactionHeaders.XID,
                request.getMethod(),
                request.getRequestURI(),
                values.size(),
                xid.length());
        return null;
    }

    /** Binds the transaction to the thread on which Spring MVC runs a {@link Callable} that a controller returned. */
    private static final class CallableScope implements CallableProcessingInterceptor {

        private final CapturedTransaction transaction;
        private volatile TransactionContext.@Nullable Scope scope;

        CallableScope(CapturedTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public <T> void preProcess(NativeWebRequest request, Callable<T> task) {
            scope = transaction.bind();
        }

        @Override
        public <T> void postProcess(NativeWebRequest request, Callable<T> task, @Nullable Object result) {
            TransactionContext.Scope opened = scope;
            if (opened != null) {
                opened.close();
            }
        }
    }

    /** Ends a request that no further dispatch ends. */
    private record CompletionListener(ParticipantVote vote, HttpServletResponse response) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            vote.close(response);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            vote.failed("its asynchronous handling timed out");
        }

        @Override
        public void onError(AsyncEvent event) {
            vote.failed(String.valueOf(event.getThrowable()));
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
