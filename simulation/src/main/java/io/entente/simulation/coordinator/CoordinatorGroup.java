package io.entente.simulation.coordinator;

import io.entente.simulation.invariant.Invariants;
import io.entente.simulation.log.FileStore;
import io.entente.simulation.log.LogStore;
import io.entente.simulation.log.ReplicatedStore;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.seam.Seams;
import io.entente.simulation.world.SimulatedProcess;
import io.entente.simulation.world.SteppedClock;
import io.entente.simulation.world.World;
import io.entente.tc.log.LogFailedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of which one leads: alone with its disk, or chosen by most of them. Who leads no more may not know, and goes on
 * for a while, in vain.
 */
public final class CoordinatorGroup {
    private static final long LONGEST_UNKNOWING = 12_000_000;

    private final World world;
    private final SimulatedNetwork network;
    private final Invariants invariants;
    private final Seams seams;
    private final LogStore store;
    private final List<TcNode> nodes = new ArrayList<>();
    private @Nullable Leadership leader;
    private boolean electing;

    public CoordinatorGroup(World world, SimulatedNetwork network, int size, Invariants invariants, Seams seams) {
        this.world = world;
        this.network = network;
        this.invariants = invariants;
        this.seams = seams;
        this.store = size == 1
                ? new FileStore(world, invariants::onDurable)
                : new ReplicatedStore(world, invariants::onDurable);
        for (int i = 0; i < size; i++) {
            SimulatedProcess process = new SimulatedProcess("tc" + i, world);
            TcNode node = new TcNode(process, new SteppedClock(world.schedule()));
            network.watch(process);
            process.onCrash(() -> ended(node));
            process.onStart(this::electSoon);
            nodes.add(node);
        }
    }

    public List<TcNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The coordinator whose word counts, null while there is none. */
    public @Nullable Leadership leader() {
        return leader;
    }

    private void ended(TcNode node) {
        Leadership its = node.leadership();
        if (its != null) {
            its.end();
            if (its.equals(leader)) {
                leader = null;
                electSoon();
            }
        }
    }

    /** The leader passes the lead on. */
    private void handOver(Leadership leading) {
        world.trace().add(leading.node().process() + " passes the lead on");
        leading.handOver(() -> {
            if (leading.equals(leader)) {
                world.trace().mark("a leader has passed the lead on");
                leading.end();
                leader = null;
                electSoon();
            }
        });
    }

    /** The leader passes the lead on, or loses it and learns of that some time later. */
    public void resign() {
        Leadership deposed = leader;
        if (deposed == null || nodes.size() == 1) {
            return;
        }
        if (world.random().nextInt(3) == 0) {
            handOver(deposed);
            return;
        }
        world.trace().add(deposed.node().process() + " leads no more, without knowing it");
        world.trace().mark("a leader was deposed");
        deposed.depose();
        deposed.loseMostLinks();
        leader = null;
        deposed.node().process().in(world.random().nextLong(LONGEST_UNKNOWING), () -> {
            world.trace().add(deposed.node().process() + " learns that it leads no more");
            deposed.end();
        });
        electSoon();
    }

    private void electSoon() {
        if (!electing) {
            electing = true;
            world.schedule()
                    .in(world.random().nextLong(20_000L << world.random().nextInt(7)), this::elect);
        }
    }

    private void elect() {
        electing = false;
        if (leader != null) {
            return;
        }
        List<TcNode> up = nodes.stream().filter(node -> node.process().isUp()).toList();
        List<TcNode> able = up.stream().filter(node -> node.serving() == null).toList();
        if (2 * up.size() <= nodes.size() || able.isEmpty()) {
            if (!up.isEmpty()) {
                electSoon();
            }
            return;
        }
        TcNode node = world.any(able);
        world.trace().add(node.process() + " leads");
        Leadership next = new Leadership(
                world, network, node, store, nodes.size() == 1, invariants, seams, failure -> failed(node, failure));
        leader = next;
        node.lead(next);
        next.begin();
    }

    private void failed(TcNode node, Throwable failure) {
        if (!(failure instanceof LogFailedException)) {
            invariants.violations().unexpected("a coordinator has failed: " + failure);
        }
        // As the real server does: what cannot go on ends its process.
        node.process().in(1, () -> Objects.requireNonNull(node).process().crash());
    }

    /** Nothing more is asked of the leader. */
    public void close() {
        if (leader != null) {
            leader.depose();
        }
    }
}
