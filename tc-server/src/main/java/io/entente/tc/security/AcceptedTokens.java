package io.entente.tc.security;

import io.entente.protocol.security.TokenSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens of one kind that are good at present. Safe for use by any thread. */
public final class AcceptedTokens {
    private static final Logger log = LoggerFactory.getLogger(AcceptedTokens.class);

    private final List<Source> sources;
    private volatile List<TokenDigest> accepted;

    private static final class Source {
        final TokenSource source;
        List<String> tokens;
        String lastProblem = "";

        Source(TokenSource source) {
            this.source = source;
            this.tokens = source.read();
        }
    }

    /** @throws IllegalArgumentException when a file cannot be used */
    public AcceptedTokens(List<TokenSource> configured) {
        this.sources = configured.stream().map(Source::new).toList();
        this.accepted = digests();
    }

    private List<TokenDigest> digests() {
        List<TokenDigest> digests = new ArrayList<>();
        for (Source source : sources) {
            source.tokens.forEach(token -> digests.add(TokenDigest.of(token)));
        }
        return List.copyOf(digests);
    }

    /** Whether none is configured, so that none is asked for. */
    public boolean isEmpty() {
        return sources.isEmpty();
    }

    boolean mayChange() {
        return sources.stream().anyMatch(source -> source.source.isFile());
    }

    /** The digest of {@code token}; null when it is not good. */
    public @Nullable TokenDigest accept(String token) {
        TokenDigest digest = TokenDigest.of(token);
        return digest.isAmong(accepted) ? digest : null;
    }

    /** Whether a token that was good still is. */
    boolean stillAccept(TokenDigest digest) {
        return digest.isAmong(accepted);
    }

    /**
     * Reads the files again. One that cannot be used changes nothing: half a file must not lock everybody out.
     *
     * @return whether others are good now
     */
    synchronized boolean refresh() {
        boolean changed = false;
        for (Source source : sources) {
            try {
                List<String> now = source.source.read();
                source.lastProblem = "";
                if (!now.equals(source.tokens)) {
                    source.tokens = now;
                    changed = true;
                    log.info("{} has changed; {} tokens are good now", source.source, now.size());
                }
            } catch (IllegalArgumentException e) {
                String problem = String.valueOf(e.getMessage());
                if (!problem.equals(source.lastProblem)) {
                    source.lastProblem = problem;
                    log.error("{}. The tokens it held before stay good", problem);
                }
            }
        }
        if (changed) {
            accepted = digests();
        }
        return changed;
    }
}
