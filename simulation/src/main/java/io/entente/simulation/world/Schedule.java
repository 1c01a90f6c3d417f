package io.entente.simulation.world;

import java.util.PriorityQueue;

/** What happens when: one event after the other, in virtual time. */
public final class Schedule {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long scheduled;

    private record Event(long at, long number, Runnable action) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Microseconds since the begin. */
    public long now() {
        return now;
    }

    public void in(long micros, Runnable action) {
        events.add(new Event(now + Math.max(0, micros), scheduled++, action));
    }

    /** Lets the next event happen; false when there is none. */
    public boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        now = next.at;
        next.action.run();
        return true;
    }
}
