package io.entente.rm.jdbc;

import java.time.Duration;

/** How the time between two attempts passes. */
@FunctionalInterface
interface Pause {
    void pause(Duration interval) throws InterruptedException;
}
