package io.entente.tc.coordinator;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What resource managers were asked for in phase two and have not answered, by connection. They have to answer some before
 * they are asked more: they would refuse what their queues have no room for, and who gets more than it can read at once
 * would be taken for one that does not read at all.
 */
final class InFlight {
    static final int MOST = 5_000;

    /** A single request may be larger. */
    private static final long MOST_BYTES = 4L * 1024 * 1024;

    private final Map<Long, Load> loads = new HashMap<>();
    /** By resource: whoever can serve it may have room first. */
    private final Map<String, Set<Long>> waiting = new HashMap<>();

    private static final class Load {
        private int count;
        private long bytes;
    }

    int count(long connectionId) {
        Load load = loads.get(connectionId);
        return load == null ? 0 : load.count;
    }

    boolean hasRoom(long connectionId, int bytes) {
        Load load = loads.get(connectionId);
        return load == null || (load.count < MOST && load.bytes + bytes <= MOST_BYTES);
    }

    void sent(long connectionId, int bytes) {
        Load load = loads.computeIfAbsent(connectionId, id -> new Load());
        load.count++;
        load.bytes += bytes;
    }

    void landed(long connectionId, int bytes) {
        Load load = loads.get(connectionId);
        if (load == null) {
            return;
        }
        load.count--;
        load.bytes -= bytes;
        if (load.count == 0) {
            loads.remove(connectionId);
        }
    }

    /** There is no room for this branch yet. */
    void wait(String resourceId, long branchId) {
        waiting.computeIfAbsent(resourceId, id -> new LinkedHashSet<>()).add(branchId);
    }

    /** A branch that waits for room at this resource, and no longer counts as waiting; −1 when there is none. */
    long next(String resourceId) {
        Set<Long> those = waiting.get(resourceId);
        if (those == null) {
            return -1;
        }
        Iterator<Long> first = those.iterator();
        long branchId = first.next();
        first.remove();
        if (those.isEmpty()) {
            waiting.remove(resourceId);
        }
        return branchId;
    }
}
