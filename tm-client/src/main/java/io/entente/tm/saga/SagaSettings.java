package io.entente.tm.saga;

import java.time.Duration;

/**
 * How sagas are run in this process.
 *
 * @param threads for steps that run at the same time or have a timeout, as many again for compensations, and for sagas
 *     that are carried on in place of another instance
 * @param patience how long the caller of a saga waits for its end once what becomes of it is decided
 */
public record SagaSettings(int threads, Duration patience) {

    /** @throws IllegalArgumentException naming the value that cannot be used */
    public SagaSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("The number of threads is " + threads + "; it must be 1 or more.");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("The patience is " + patience + "; it must be longer than zero.");
        }
    }

    /** Sixteen threads, thirty seconds. */
    public static SagaSettings standard() {
        return new SagaSettings(16, Duration.ofSeconds(30));
    }

    public SagaSettings withThreads(int newThreads) {
        return new SagaSettings(newThreads, patience);
    }

    public SagaSettings withPatience(Duration newPatience) {
        return new SagaSettings(threads, newPatience);
    }
}
