package io.entente.simulation.world;

import java.util.random.RandomGenerator;

/**
 * How bad it gets in a run, and how fast things are. Each kind of fault is there in some runs only: faults hide each other,
 * and a run in which everything fails at all times gets nowhere.
 */
public final class Weather {
    private static final long MILLI = 1_000;

    private final RandomGenerator random;
    private final boolean ordered;
    private final double loss;
    private final double duplicates;
    private final double slowMessages;
    private final double closedConnections;
    private final double slowWork;
    private final double slowSyncs;
    private final double failedSyncs;
    private final double lostCommits;
    private final double refusals;
    private final double giveUps;
    private final double swallowedOrders;
    private final double crashesPerSecond;
    private final double partitionsPerSecond;
    private final double pausesPerSecond;
    private final double sicknessPerSecond;
    private final double jumpsPerSecond;
    private final double resignationsPerSecond;
    private boolean calm;

    Weather(RandomGenerator random) {
        this.random = random;
        ordered = random.nextBoolean();
        loss = sometimes(0.03);
        duplicates = sometimes(0.10);
        slowMessages = sometimes(0.05);
        closedConnections = sometimes(0.005);
        slowWork = sometimes(0.02);
        slowSyncs = sometimes(0.3);
        failedSyncs = sometimes(0.001);
        lostCommits = sometimes(0.03);
        refusals = sometimes(0.15);
        giveUps = sometimes(0.02);
        swallowedOrders = sometimes(0.05);
        crashesPerSecond = sometimes(0.8);
        partitionsPerSecond = sometimes(0.3);
        pausesPerSecond = sometimes(0.3);
        sicknessPerSecond = sometimes(0.3);
        jumpsPerSecond = sometimes(0.2);
        resignationsPerSecond = sometimes(1.0);
    }

    private double sometimes(double most) {
        return random.nextBoolean() ? random.nextDouble() * most : 0;
    }

    /** From now on nothing fails any more. */
    public void calmDown() {
        calm = true;
    }

    public boolean isCalm() {
        return calm;
    }

    private boolean happens(double probability) {
        // The number is drawn in any case, so that a run does not hang on what is possible in it.
        return random.nextDouble() < probability && !calm;
    }

    /** Whether the messages of a connection come in the order in which they were sent. */
    public boolean ordered() {
        return ordered;
    }

    public boolean losesMessage() {
        return happens(loss);
    }

    public boolean duplicatesMessage() {
        return happens(duplicates);
    }

    public boolean closesConnection() {
        return happens(closedConnections);
    }

    /** The database does what it was asked to, or does not, and its answer is lost. */
    public boolean losesCommitAnswer() {
        return happens(lostCommits);
    }

    /** An application cannot do now what it was asked for. */
    public boolean refuses() {
        return happens(refusals);
    }

    /** An application says that it never can. */
    public boolean givesUp() {
        return happens(giveUps);
    }

    /** An application forgets an order without a word. */
    public boolean swallowsOrder() {
        return happens(swallowedOrders);
    }

    public boolean failsSync() {
        return happens(failedSyncs);
    }

    /** Microseconds. */
    public long messageTime() {
        long usual = 100 + random.nextLong(1_500);
        return happens(slowMessages) ? usual + random.nextLong(4_000 * MILLI) : usual;
    }

    /** Microseconds for a small piece of work, such as a statement. */
    public long work() {
        long usual = 50 + random.nextLong(500);
        return happens(slowWork) ? usual + random.nextLong(3_000 * MILLI) : usual;
    }

    /** Microseconds. */
    public long syncTime() {
        long usual = 200 + random.nextLong(2_000);
        return happens(slowSyncs) ? usual + random.nextLong(1_000 * MILLI) : usual;
    }

    /** Microseconds between two faults of a kind; beyond all ends when there are none. */
    private long gap(double perSecond) {
        double draw = -Math.log(1 - random.nextDouble());
        return perSecond == 0 ? Long.MAX_VALUE / 2 : 10 * MILLI + (long) (draw / perSecond * 1_000 * MILLI);
    }

    public long untilCrash() {
        return gap(crashesPerSecond);
    }

    public long untilPartition() {
        return gap(partitionsPerSecond);
    }

    public long untilPause() {
        return gap(pausesPerSecond);
    }

    public long untilSickness() {
        return gap(sicknessPerSecond);
    }

    public long untilClockJump() {
        return gap(jumpsPerSecond);
    }

    public long untilResignation() {
        return gap(resignationsPerSecond);
    }

    @Override
    public String toString() {
        return ("ordered %s, loss %.3f, duplicates %.3f, slow messages %.3f, closed connections %.4f, slow work %.3f,"
                        + " slow syncs %.3f, failed syncs %.5f, lost commits %.3f, refusals %.3f, give-ups %.3f,"
                        + " swallowed orders %.3f; per second: crashes %.2f, partitions %.2f, pauses %.2f, sickness %.2f, clock jumps %.2f,"
                        + " resignations %.2f")
                .formatted(
                        ordered,
                        loss,
                        duplicates,
                        slowMessages,
                        closedConnections,
                        slowWork,
                        slowSyncs,
                        failedSyncs,
                        lostCommits,
                        refusals,
                        giveUps,
                        swallowedOrders,
                        crashesPerSecond,
                        partitionsPerSecond,
                        pausesPerSecond,
                        sicknessPerSecond,
                        jumpsPerSecond,
                        resignationsPerSecond);
    }
}
