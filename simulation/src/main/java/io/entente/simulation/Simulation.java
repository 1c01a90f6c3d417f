package io.entente.simulation;

import io.entente.protocol.Resolution;
import io.entente.simulation.application.Application;
import io.entente.simulation.application.Workload;
import io.entente.simulation.coordinator.CoordinatorGroup;
import io.entente.simulation.coordinator.Leadership;
import io.entente.simulation.database.Account;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.invariant.EndOfRun;
import io.entente.simulation.invariant.Invariants;
import io.entente.simulation.invariant.Ledger;
import io.entente.simulation.invariant.Violations;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.seam.Seams;
import io.entente.simulation.world.World;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.TransactionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One run: the real coordinator, a log, a network, databases and applications of ours that fail in every way, all in
 * virtual time and on one thread, and all of it from one seed. The same seed is the same run, to the last message.
 *
 * <p>First the faults come down on a running workload. Then nothing fails any more, and everything has to come to its end.
 */
public final class Simulation {
    private static final long SECOND = 1_000_000;
    private static final long SHORTEST_STORM = 4 * SECOND;
    private static final long LONGEST_STORM = 16 * SECOND;
    /** What was under way has ended by then, and what was left behind was swept. */
    private static final long SHORTEST_CALM = 45 * SECOND;
    /** The longest timeout of a transaction, all jumps of the clocks, and the longest pauses between tries. */
    private static final long LONGEST_CALM = 600 * SECOND;

    private static final long OPERATOR_PAUSE = 2 * SECOND;

    private final long seed;
    private final World world;
    private final SimulatedNetwork network;
    private final Violations violations = new Violations();
    private final Ledger ledger = new Ledger();
    private final Invariants invariants = new Invariants(ledger, violations);
    private final List<ModelDatabase> databases = new ArrayList<>();
    private final List<Application> applications = new ArrayList<>();
    private final CoordinatorGroup group;
    private final Workload workload;
    private final Faults faults;
    private final long storm;
    private final long total;

    private Simulation(long seed, Seams seams) {
        this.seed = seed;
        world = World.of(new Random(seed * 0x9E3779B97F4A7C15L));
        network = new SimulatedNetwork(world);
        int nodes = world.random().nextBoolean() ? 1 : 3;
        group = new CoordinatorGroup(world, network, nodes, invariants, seams);
        for (int i = 0; i < 3; i++) {
            databases.add(new ModelDatabase("db" + i, world));
        }
        add("bank", List.of(0, 1), seams);
        add("ledger", List.of(1, 2), seams);
        workload = new Workload(world, network, applications, databases, ledger);
        faults = new Faults(world, network, group, applications, databases);
        storm = SHORTEST_STORM + world.random().nextLong(LONGEST_STORM - SHORTEST_STORM);
        total = databases.stream()
                .flatMap(database -> database.rows().values().stream())
                .mapToLong(row -> row instanceof Account account ? account.total() : 0)
                .sum();
    }

    private void add(String name, List<Integer> own, Seams seams) {
        for (int instance = 0; instance < 2; instance++) {
            applications.add(
                    new Application(world, network, name, instance, databases, own, group.nodes(), invariants, seams));
        }
    }

    /** Runs the whole of a seed. */
    public static Outcome run(long seed) {
        return run(seed, Seams.NONE);
    }

    /** Runs a seed with something changed between the coordinator and what surrounds it. */
    public static Outcome run(long seed, Seams seams) {
        Simulation simulation = new Simulation(seed, seams);
        try (CoordinatorErrors watched = CoordinatorErrors.watch(simulation.violations)) {
            simulation.run();
        }
        return simulation.outcome();
    }

    private void run() {
        faults.begin();
        workload.begin();
        operate();
        boolean[] ended = new boolean[1];
        world.schedule().in(storm, this::calmDown);
        world.schedule().in(storm + SHORTEST_CALM, () -> lookForTheEnd(ended));
        try {
            while (!ended[0] && violations.isEmpty() && world.schedule().step()) {
                // Everything happens in the step.
            }
            if (violations.isEmpty()) {
                world.trace().add("the end");
                Leadership leader = group.leader();
                TransactionState last = leader == null ? new TransactionState() : leader.state();
                group.close();
                invariants.onEnd(new EndOfRun(last, databases, total));
            }
        } catch (RuntimeException e) {
            StackTraceElement where = e.getStackTrace()[0];
            violations.unexpected("the run has failed with " + e + " at " + where);
        }
    }

    private void calmDown() {
        world.trace().add("nothing fails any more");
        world.weather().calmDown();
        network.heal();
        workload.stop();
    }

    private void lookForTheEnd(boolean[] ended) {
        Leadership leader = group.leader();
        boolean quiet = leader != null && leader.isQuiet();
        if (quiet || world.now() > storm + LONGEST_CALM) {
            ended[0] = true;
        } else {
            world.schedule().in(SECOND, () -> lookForTheEnd(ended));
        }
    }

    /** An operator has whatever needs attention tried again, now and then, and at the latest when nothing is in its way any more. */
    private void operate() {
        Leadership leader = group.leader();
        if (leader != null) {
            for (GlobalTransaction transaction : leader.state().transactions()) {
                boolean now = world.weather().isCalm() || world.random().nextInt(4) == 0;
                if (now && !transaction.stuck().isEmpty()) {
                    world.trace().add("the operator resolves " + transaction.xid());
                    world.trace().mark("an operator resolves");
                    leader.resolve(new Command.Resolve(transaction.xid(), null, Resolution.RETRY, "operator"));
                }
            }
        }
        world.schedule().in(OPERATOR_PAUSE, this::operate);
    }

    private Outcome outcome() {
        return new Outcome(
                seed,
                violations.found(),
                world.trace().hash(),
                world.trace().count(),
                ledger.committed(),
                world.trace().marks(),
                group.nodes().size() + " node(s); " + world.weather(),
                violations.isEmpty() ? List.of() : world.trace().latest(Integer.MAX_VALUE));
    }
}
