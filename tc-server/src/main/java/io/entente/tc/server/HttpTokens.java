package io.entente.tc.server;

import io.entente.protocol.security.TokenSource;
import io.entente.tc.security.AcceptedTokens;
import io.entente.tc.security.TokenWatch;
import java.util.List;

/** The tokens of the HTTP interface. */
final class HttpTokens implements AutoCloseable {
    private final AcceptedTokens operators;
    private final AcceptedTokens viewers;
    private final TokenWatch watch;

    /** What a request may do. */
    enum Access {
        NOTHING,
        READ,
        EVERYTHING
    }

    HttpTokens(List<TokenSource> operators, List<TokenSource> viewers) {
        this.operators = new AcceptedTokens(operators);
        this.viewers = new AcceptedTokens(viewers);
        this.watch = TokenWatch.of(List.of(this.operators, this.viewers), () -> {});
    }

    /** Whether tokens are asked for at all. */
    boolean areAskedFor() {
        return !operators.isEmpty() || !viewers.isEmpty();
    }

    Access accessWith(String token) {
        // Both are looked at, so that the time tells nothing.
        boolean operator = operators.accept(token) != null;
        boolean viewer = viewers.accept(token) != null;
        return operator ? Access.EVERYTHING : viewer ? Access.READ : Access.NOTHING;
    }

    @Override
    public void close() {
        watch.close();
    }
}
