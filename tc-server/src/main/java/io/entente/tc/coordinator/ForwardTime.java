package io.entente.tc.coordinator;

import java.time.InstantSource;

/**
 * The coordinator's time: never goes back, neither when its clock does nor behind what its log tells. A clock that was set
 * back would put off all that is due; one behind the log would have transactions begin in the future.
 */
final class ForwardTime {
    private final InstantSource clock;
    private long ahead;
    private long latest;

    ForwardTime(InstantSource clock) {
        this.clock = clock;
    }

    /** It has been so late already. */
    void seen(long millis) {
        latest = Math.max(latest, millis);
    }

    /** Epoch millis. */
    long millis() {
        long told = clock.millis() + ahead;
        if (told < latest) {
            ahead += latest - told;
            told = latest;
        }
        latest = told;
        return told;
    }
}
