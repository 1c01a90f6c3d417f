package io.entente.simulation;

import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.slf4j.LoggerFactory;

/**
 * Runs a range of seeds and shows what failed:
 *
 * <pre>
 * java -cp … io.entente.simulation.SimulationRuns --seeds=1-100000
 * </pre>
 */
public final class SimulationRuns {
    private static final int MOST_SHOWN = 3;
    private static final int PROGRESS = 10_000;
    private static final int USUAL_LINES = 200;
    private static final String SEEDS = "--seeds=";
    private static final String LINES = "--lines=";
    private static final String USAGE = "expected --seeds=<first>-<last>, for example --seeds=1-100000, and, if wanted,"
            + " --lines=<number> of the latest events of a run that failed";

    private SimulationRuns() {}

    /** The seeds of a range, both ends included. */
    record Range(long first, long last) {

        /** @throws IllegalArgumentException it is none */
        static Range parse(String text) {
            String[] ends = text.split("-", -1);
            try {
                long first = Long.parseLong(ends[0]);
                long last = Long.parseLong(ends[ends.length - 1]);
                if (ends.length <= 2 && first <= last) {
                    return new Range(first, last);
                }
            } catch (NumberFormatException e) {
                // Told below.
            }
            throw new IllegalArgumentException(
                    "--seeds is '" + text + "'; expected one seed or a range, for example 17 or 1-100000");
        }
    }

    /** @param lines how many of the latest lines of a run that failed are shown */
    record Arguments(Range range, int lines) {

        /** @throws IllegalArgumentException one is not known, or makes no sense */
        static Arguments parse(String... texts) {
            Range range = null;
            int lines = USUAL_LINES;
            for (String text : texts) {
                if (text.startsWith(SEEDS)) {
                    range = Range.parse(text.substring(SEEDS.length()));
                } else if (text.matches(LINES + "\\d{1,9}")) {
                    lines = Integer.parseInt(text.substring(LINES.length()));
                } else {
                    throw new IllegalArgumentException("'" + text + "' is no argument; " + USAGE);
                }
            }
            if (range == null) {
                throw new IllegalArgumentException("--seeds is missing; " + USAGE);
            }
            return new Arguments(range, lines);
        }
    }

    public static void main(String[] arguments) {
        try {
            System.exit(run(Arguments.parse(arguments), System.out) == 0 ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Runs them all, one beside the other; returns how many have failed. */
    static long run(Arguments arguments, PrintStream out) {
        Range range = arguments.range;
        // Not by several threads at the same time, of which some would find it half done.
        LoggerFactory.getILoggerFactory();
        AtomicLong failed = new AtomicLong();
        AtomicLong done = new AtomicLong();
        AtomicLong hash = new AtomicLong();
        AtomicLong events = new AtomicLong();
        Map<String, Long> marks = new ConcurrentSkipListMap<>();
        AtomicLong committed = new AtomicLong();
        LongStream.rangeClosed(range.first, range.last).parallel().forEach(seed -> {
            Outcome outcome = Simulation.run(seed);
            hash.addAndGet(outcome.hash());
            events.addAndGet(outcome.events());
            outcome.marks().forEach((mark, count) -> marks.merge(mark, count, Long::sum));
            committed.addAndGet(outcome.committed());
            if (!outcome.isGood() && failed.incrementAndGet() <= MOST_SHOWN) {
                out.println(outcome.report(arguments.lines));
            } else if (!outcome.isGood()) {
                out.println("seed " + seed + ": " + outcome.violations().get(0));
            }
            if (done.incrementAndGet() % PROGRESS == 0) {
                out.println(done + " seeds run, " + failed + " failed");
            }
        });
        marks.forEach((mark, count) -> out.printf("%10d  %s%n", count, mark));
        out.printf(
                "seeds %d to %d: %d failed; %d events, %d global transactions told to be committed, hash %x%n",
                range.first, range.last, failed.get(), events.get(), committed.get(), hash.get());
        return failed.get();
    }
}
