package io.entente.rm.jdbc;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time as those see it who wait for rows. */
interface WaitingTime {

    /** That of the machine. */
    WaitingTime REAL = new WaitingTime() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration pause) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
    };

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** Returns when that much time has passed. */
    void pause(Duration pause) throws InterruptedException;
}
