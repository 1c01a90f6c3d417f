package io.entente.benchmarks.workload;

import java.io.Serial;

/** What the application throws when it does not want the order after all. */
final class CancelledOrderException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    CancelledOrderException() {
        super("The order was cancelled");
    }
}
