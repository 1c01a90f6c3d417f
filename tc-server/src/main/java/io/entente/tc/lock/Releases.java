package io.entente.tc.lock;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which rows and tables were let go of lately in a way that makes what was read of them before doubtful: because their
 * changes were undone, or because they came in several parts, of which a reader may have seen some.
 *
 * <p>Time is counted in marks. Whoever read later than it was told a mark has read nothing that was let go of before. No
 * fact tells of this: what is not remembered counts as if it had happened.
 */
public final class Releases {
    private static final int MOST = 1 << 14;

    /** The latest mark of each {@link RowKey} and {@link TableKey}, the eldest first. */
    private final LinkedHashMap<Object, Long> latest = new LinkedHashMap<>();

    private long oldestMark = 1;
    private long mark = 1;

    /**
     * Forgets everything. Marks that were given out before by this or another coordinator must not be those that it will
     * give out.
     *
     * @param first above zero
     */
    public void startAt(long first) {
        latest.clear();
        oldestMark = first;
        mark = first;
    }

    /** For those who begin to read now. */
    public long mark() {
        return mark;
    }

    /** These were let go of. */
    void add(Iterable<?> keys) {
        mark++;
        for (Object key : keys) {
            latest.remove(key);
            latest.put(key, mark);
        }
        Iterator<Map.Entry<Object, Long>> eldest = latest.entrySet().iterator();
        while (latest.size() > MOST) {
            oldestMark = eldest.next().getValue();
            eldest.remove();
        }
    }

    /** Whether it is known what has happened since. */
    public boolean reachBackTo(long since) {
        return since >= oldestMark && since <= mark;
    }

    /** Whether any of these were let go of since. */
    public boolean anySince(long since, Iterable<?> keys) {
        for (Object key : keys) {
            Long released = latest.get(key);
            if (released != null && released > since) {
                return true;
            }
        }
        return false;
    }
}
