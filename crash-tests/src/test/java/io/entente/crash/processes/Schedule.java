package io.entente.crash.processes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** What happens one after the other, from a seed. Each fault comes once before any comes again. */
final class Schedule {
    private final Random chance;
    private final Deque<Fault> deck = new ArrayDeque<>();
    private int steps;

    /**
     * Faults at one time, and then none.
     *
     * @param faults one, or two of which the second strikes while the first is there
     * @param between until the second strikes
     * @param lasting from then on
     * @param calm what comes after it
     * @param chance for whom they strike, so that a step does not depend on those before it
     */
    record Step(int number, List<Fault> faults, Duration between, Duration lasting, Duration calm, Random chance) {}

    Schedule(long seed) {
        chance = new Random(seed);
    }

    Step next() {
        List<Fault> faults = new ArrayList<>(List.of(draw()));
        if (chance.nextInt(3) == 0 && faults.get(0).goesWithAnother()) {
            Fault second = draw();
            if (second.goesWithAnother()) {
                faults.add(second);
            } else {
                deck.addFirst(second);
            }
        }
        return new Step(
                ++steps,
                List.copyOf(faults),
                Duration.ofMillis(chance.nextInt(1_500)),
                Duration.ofMillis(500 + chance.nextInt(5_500)),
                Duration.ofMillis(500 + chance.nextInt(2_500)),
                new Random(chance.nextLong()));
    }

    private Fault draw() {
        if (deck.isEmpty()) {
            List<Fault> all = new ArrayList<>(List.of(Fault.values()));
            Collections.shuffle(all, chance);
            deck.addAll(all);
        }
        return deck.removeFirst();
    }
}
