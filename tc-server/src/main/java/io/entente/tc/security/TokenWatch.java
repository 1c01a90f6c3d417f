package io.entente.tc.security;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads files of tokens again every few seconds, so that tokens come and go without a restart. */
public final class TokenWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TokenWatch.class);
    private static final int PERIOD_SECONDS = 2;

    private final ScheduledExecutorService thread;

    private TokenWatch(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /**
     * Begins to watch; without files there is nothing to do.
     *
     * @param onChange called on the watch's own thread after some tokens have become good or bad
     */
    public static TokenWatch of(List<AcceptedTokens> watched, Runnable onChange) {
        List<AcceptedTokens> changing =
                watched.stream().filter(AcceptedTokens::mayChange).toList();
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "entente-tokens");
            made.setDaemon(true);
            return made;
        });
        if (!changing.isEmpty()) {
            thread.scheduleWithFixedDelay(
                    () -> look(changing, onChange), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        }
        return new TokenWatch(thread);
    }

    private static void look(List<AcceptedTokens> watched, Runnable onChange) {
        try {
            boolean changed = false;
            for (AcceptedTokens tokens : watched) {
                changed |= tokens.refresh();
            }
            if (changed) {
                onChange.run();
            }
        } catch (RuntimeException e) {
            // An exception that leaves would end the watch for good.
            log.error("The tokens could not be looked at; another try follows", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
