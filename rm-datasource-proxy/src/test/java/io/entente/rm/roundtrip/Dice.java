package io.entente.rm.roundtrip;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Everything random comes from here, so that a seed yields the same again. */
final class Dice {

    private final Random random;

    Dice(long seed) {
        // Neighbouring seeds of java.util.Random begin alike.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** At least one, in the order of the list. */
    <T> List<T> some(List<T> list, int most) {
        List<T> rest = new ArrayList<>(list);
        int count = Math.min(list.size(), between(1, Math.max(1, most)));
        while (rest.size() > count) {
            rest.remove(random.nextInt(rest.size()));
        }
        return rest;
    }
}
