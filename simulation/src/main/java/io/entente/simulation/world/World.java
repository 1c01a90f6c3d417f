package io.entente.simulation.world;

import java.util.random.RandomGenerator;

/** What all in a run share. */
public record World(Schedule schedule, RandomGenerator random, Trace trace, Weather weather) {

    public static World of(RandomGenerator random) {
        Schedule schedule = new Schedule();
        return new World(schedule, random, new Trace(schedule), new Weather(random));
    }

    public long now() {
        return schedule.now();
    }

    /** One of these. */
    public <T> T any(java.util.List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
