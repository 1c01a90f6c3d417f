package io.entente.tc.coordinator;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Reminders of ids at times, rounded up to {@link #GRAIN_MILLIS}. An entry cannot be taken back: who is reminded checks
 * whether the matter is still open. That makes an entry eight bytes, where timers that can be cancelled cost a hundred.
 */
final class DueTimes {
    private static final long GRAIN_MILLIS = 20;

    private final TreeMap<Long, Ids> slots = new TreeMap<>();

    private static final class Ids {
        private long[] ids = new long[4];
        private int size;

        void add(long id) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size * 2);
            }
            ids[size++] = id;
        }
    }

    void add(long id, long atMillis) {
        long slot = Math.floorDiv(atMillis + GRAIN_MILLIS - 1, GRAIN_MILLIS) * GRAIN_MILLIS;
        slots.computeIfAbsent(slot, time -> new Ids()).add(id);
    }

    /** Hands over every id whose time has come. */
    void expire(long nowMillis, LongConsumer due) {
        for (Map.Entry<Long, Ids> first = slots.firstEntry();
                first != null && first.getKey() <= nowMillis;
                first = slots.firstEntry()) {
            slots.remove(first.getKey());
            Ids expired = first.getValue();
            for (int i = 0; i < expired.size; i++) {
                due.accept(expired.ids[i]);
            }
        }
    }

    /** When the next id is due, {@link Long#MAX_VALUE} when none is. */
    long next() {
        return slots.isEmpty() ? Long.MAX_VALUE : slots.firstKey();
    }
}
