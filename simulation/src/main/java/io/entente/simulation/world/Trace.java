package io.entente.simulation.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What happened in a run: all of it as a hash, the latest of it to be read. */
public final class Trace {
    private static final int MOST_KEPT = 1 << 16;

    private final List<Line> lines = new ArrayList<>();
    private final Schedule schedule;
    private final SortedMap<String, Long> marks = new TreeMap<>();
    private long count;
    private long hash = 1_125_899_906_842_597L;

    private record Line(long at, String what) {}

    public Trace(Schedule schedule) {
        this.schedule = schedule;
    }

    public void add(String what) {
        Line line = new Line(schedule.now(), what);
        if (lines.size() < MOST_KEPT) {
            lines.add(line);
        } else {
            lines.set((int) (count % MOST_KEPT), line);
        }
        count++;
        hash = (hash * 31 + schedule.now()) * 31 + what.hashCode();
    }

    /** Counts something that has to happen in some runs, or the simulation would not see what comes of it. */
    public void mark(String what) {
        marks.merge(what, 1L, Long::sum);
    }

    public SortedMap<String, Long> marks() {
        return Collections.unmodifiableSortedMap(marks);
    }

    /** The same for two runs in which the same happened at the same times. */
    public long hash() {
        return hash;
    }

    public long count() {
        return count;
    }

    /** The latest lines that are kept, with their times in milliseconds. */
    public List<String> latest(int most) {
        List<String> latest = new ArrayList<>();
        for (long i = Math.max(0, count - Math.min(most, MOST_KEPT)); i < count; i++) {
            Line line = lines.get((int) (i % MOST_KEPT));
            latest.add("%10.3f  %s".formatted(line.at / 1_000.0, line.what));
        }
        return latest;
    }
}
