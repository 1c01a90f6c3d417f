package io.entente.rm.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was found out about texts lately. Thread-safe.
 *
 * <p>Two generations bound it without a lock on the way of a hit: when the young one is full it becomes the old one, and what
 * is still in use moves over from there.
 */
final class RecentTexts<T> {

    private static final int GENERATION_SIZE = 1024;

    /** Texts with thousands of literals are not worth the memory: they hardly come twice. */
    private static final int LONGEST_CACHED = 16_384;

    private volatile Map<String, T> young = new ConcurrentHashMap<>();
    private volatile Map<String, T> old = Map.of();

    T get(String text, Function<String, T> finder) {
        T known = young.get(text);
        if (known != null) {
            return known;
        }
        known = old.get(text);
        if (known == null) {
            known = finder.apply(text);
        }
        remember(text, known);
        return known;
    }

    private void remember(String text, T known) {
        if (text.length() > LONGEST_CACHED) {
            return;
        }
        Map<String, T> generation = young;
        generation.put(text, known);
        if (generation.size() >= GENERATION_SIZE) {
            turnGeneration(generation);
        }
    }

    @SuppressWarnings("ReferenceEquality") // Of two threads that fill a generation, one turns it.
    private synchronized void turnGeneration(Map<String, T> full) {
        if (young == full) {
            old = full;
            young = new ConcurrentHashMap<>();
        }
    }

    int size() {
        return young.size() + old.size();
    }
}
