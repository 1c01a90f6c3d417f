package io.entente.simulation;

import io.entente.simulation.application.Application;
import io.entente.simulation.coordinator.CoordinatorGroup;
import io.entente.simulation.coordinator.TcNode;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.world.SimulatedProcess;
import io.entente.simulation.world.World;
import java.util.ArrayList;
import java.util.List;

/** Crashes, cuts and misleads, until the weather calms down. Whatever has crashed, for whatever reason, is started again. */
final class Faults {
    private static final long SECOND = 1_000_000;
    private static final long LONGEST_PAUSE = 12 * SECOND;
    private static final long LONGEST_SICKNESS = 15 * SECOND;
    private static final int LONGEST_JUMP_MILLIS = 30_000;

    private final World world;
    private final SimulatedNetwork network;
    private final CoordinatorGroup group;
    private final List<Application> applications;
    private final List<ModelDatabase> databases;
    private final List<SimulatedProcess> processes = new ArrayList<>();

    Faults(
            World world,
            SimulatedNetwork network,
            CoordinatorGroup group,
            List<Application> applications,
            List<ModelDatabase> databases) {
        this.world = world;
        this.network = network;
        this.group = group;
        this.applications = applications;
        this.databases = databases;
        group.nodes().forEach(node -> processes.add(node.process()));
        applications.forEach(application -> processes.add(application.process()));
    }

    void begin() {
        for (SimulatedProcess process : processes) {
            process.onCrash(() -> world.schedule().in(50_000 + world.random().nextLong(4 * SECOND), process::start));
            world.schedule().in(world.random().nextLong(200_000), process::start);
        }
        crashLater();
        partitionLater();
        pauseLater();
        sickenLater();
        jumpLater();
        resignLater();
    }

    private void later(long micros, Runnable fault) {
        world.schedule().in(micros, () -> {
            if (!world.weather().isCalm()) {
                fault.run();
            }
        });
    }

    private void crashLater() {
        later(world.weather().untilCrash(), () -> {
            switch (world.random().nextInt(8)) {
                case 0 -> world.any(databases).restart();
                case 1, 2, 3 -> world.any(group.nodes()).process().crash();
                default -> world.any(processes).crash();
            }
            crashLater();
        });
    }

    private void partitionLater() {
        later(world.weather().untilPartition(), () -> {
            List<SimulatedProcess> cutOff = processes.stream()
                    .filter(any -> world.random().nextInt(4) == 0)
                    .toList();
            network.partition(cutOff);
            world.schedule().in(world.random().nextLong(6 * SECOND), network::heal);
            partitionLater();
        });
    }

    private void pauseLater() {
        later(world.weather().untilPause(), () -> {
            world.any(processes).pause(world.random().nextLong(LONGEST_PAUSE));
            pauseLater();
        });
    }

    private void sickenLater() {
        later(world.weather().untilSickness(), () -> {
            world.any(applications).fallSick(world.random().nextLong(LONGEST_SICKNESS));
            sickenLater();
        });
    }

    private void jumpLater() {
        later(world.weather().untilClockJump(), () -> {
            TcNode node = world.any(group.nodes());
            int millis = world.random().nextInt(2 * LONGEST_JUMP_MILLIS) - LONGEST_JUMP_MILLIS;
            world.trace().add("the clock of " + node.process() + " jumps by " + millis + " ms");
            node.clock().jump(millis);
            jumpLater();
        });
    }

    private void resignLater() {
        later(world.weather().untilResignation(), () -> {
            group.resign();
            resignLater();
        });
    }
}
