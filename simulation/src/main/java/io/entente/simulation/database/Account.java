package io.entente.simulation.database;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A row: money, and where it came from.
 *
 * @param frozen taken out of the balance by tries that are not decided yet
 * @param parts what each change has brought or taken, under the change's name
 */
public record Account(long balance, long frozen, SortedMap<String, Long> parts) {

    public Account {
        parts = Collections.unmodifiableSortedMap(parts);
    }

    public static Account of(long balance) {
        return new Account(balance, 0, new TreeMap<>());
    }

    /** With a change; a second time with the same name is seen as one of two changes. */
    public Account with(String part, long delta) {
        SortedMap<String, Long> more = new TreeMap<>(parts);
        more.merge(part, delta, Long::sum);
        return new Account(balance + delta, frozen, more);
    }

    /** Without a change that was done before. */
    public Account without(String part, long delta) {
        SortedMap<String, Long> fewer = new TreeMap<>(parts);
        fewer.merge(part, -delta, Long::sum);
        fewer.values().removeIf(left -> left == 0);
        return new Account(balance - delta, frozen, fewer);
    }

    public Account freeze(long amount) {
        return new Account(balance - amount, frozen + amount, parts);
    }

    /** The frozen amount is gone for good. */
    public Account spend(String part, long amount) {
        SortedMap<String, Long> more = new TreeMap<>(parts);
        more.merge(part, -amount, Long::sum);
        return new Account(balance, frozen - amount, more);
    }

    /** What it holds, whoever may have it in the end. */
    public long total() {
        return balance + frozen;
    }

    @Override
    public String toString() {
        return balance + (frozen == 0 ? "" : " and " + frozen + " frozen") + " " + parts;
    }
}
