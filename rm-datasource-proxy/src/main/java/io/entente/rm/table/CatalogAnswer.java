package io.entente.rm.table;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the catalog said, and until when it is believed. Reading a catalog takes long, and all clients of a busy table would
 * do it at the same moment: so the first who finds the answer too old reads again, and the others go on with it meanwhile,
 * until it is twice as old as it should be.
 *
 * @param <T> what was asked for
 */
final class CatalogAnswer<T> {

    private final T said;
    private final long readAt;
    private final AtomicBoolean beingReadAgain = new AtomicBoolean();

    /**
     * @param readAt when the catalog was asked, as {@link System#nanoTime}
     */
    CatalogAnswer(T said, long readAt) {
        this.said = said;
        this.readAt = readAt;
    }

    T said() {
        return said;
    }

    /** False when the caller has to read the catalog again. */
    boolean isBelieved(long now, long lifetimeNanos) {
        long age = now - readAt;
        return age < lifetimeNanos
                || (age - lifetimeNanos < lifetimeNanos && !beingReadAgain.compareAndSet(false, true));
    }
}
