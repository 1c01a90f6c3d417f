package io.entente.simulation.network;

import io.entente.simulation.world.SimulatedProcess;
import io.entente.simulation.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Carries messages late, twice, out of order, or not at all. */
public final class SimulatedNetwork {
    private static final long LONGEST_UNNOTICED = 8_000_000;

    private final World world;
    private final List<Link> links = new ArrayList<>();
    private final Set<String> island = new HashSet<>();
    private long connections;

    public SimulatedNetwork(World world) {
        this.world = world;
    }

    /** Has the links of a process end with it. */
    public void watch(SimulatedProcess process) {
        process.onCrash(() -> {
            for (Link link : List.copyOf(links)) {
                if (link.client().equals(process) || link.server().equals(process)) {
                    close(link, "the crash of " + process);
                }
            }
        });
    }

    /** Whether messages can go from one to the other now. */
    public boolean reaches(SimulatedProcess one, SimulatedProcess other) {
        return island.contains(one.name()) == island.contains(other.name());
    }

    public Link connect(
            SimulatedProcess client, SimulatedProcess server, Runnable clientClosed, Runnable serverClosed) {
        Link link = new Link(++connections, client, server, clientClosed, serverClosed);
        links.add(link);
        world.trace().add(client + " connects to " + server + " (" + link.id() + ")");
        return link;
    }

    /** Ends a connection, whoever wants it. */
    public void close(Link link, String because) {
        if (!link.isOpen()) {
            return;
        }
        link.end();
        links.remove(link);
        world.trace().add("connection " + link.id() + " ends: " + because);
        world.schedule().in(world.weather().messageTime(), link::tellClient);
        world.schedule().in(world.weather().messageTime(), link::tellServer);
    }

    /** Sends over a connection what may come twice. */
    public void send(Link link, boolean toServer, String what, Runnable onArrival) {
        send(link, toServer, what, true, onArrival);
    }

    /** Sends over a connection. */
    public void send(Link link, boolean toServer, String what, boolean repeatable, Runnable onArrival) {
        if (world.weather().closesConnection()) {
            close(link, "chance");
        }
        if (!link.isOpen() || world.weather().losesMessage()) {
            world.trace().add("lost: " + what);
            return;
        }
        deliver(link, toServer, what, onArrival);
        if (world.weather().duplicatesMessage() && repeatable) {
            deliver(link, toServer, what, onArrival);
        }
    }

    private void deliver(Link link, boolean toServer, String what, Runnable onArrival) {
        long at = world.now() + world.weather().messageTime();
        if (world.weather().ordered()) {
            at = link.inOrder(toServer, at);
        }
        Runnable received = link.receiver(toServer).inThisLife(onArrival);
        world.schedule().in(at - world.now(), () -> {
            if (link.isOpen() && reaches(link.client(), link.server())) {
                world.trace().add(what);
                received.run();
            } else {
                world.trace().add("lost: " + what);
            }
        });
    }

    /** A call from one application to another, or its answer. Comes at most once. */
    public void call(SimulatedProcess from, SimulatedProcess to, String what, Runnable onArrival) {
        if (world.weather().losesMessage()) {
            world.trace().add("lost: " + what);
            return;
        }
        Runnable received = to.inThisLife(onArrival);
        world.schedule().in(world.weather().messageTime(), () -> {
            if (reaches(from, to)) {
                world.trace().add(what);
                received.run();
            }
        });
    }

    /** Cuts some processes off from all others. */
    public void partition(List<SimulatedProcess> cutOff) {
        heal();
        cutOff.forEach(process -> island.add(process.name()));
        world.trace().add("cut off: " + cutOff);
        for (Link link : List.copyOf(links)) {
            world.schedule().in(world.random().nextLong(LONGEST_UNNOTICED), () -> {
                if (!reaches(link.client(), link.server())) {
                    close(link, "silence");
                }
            });
        }
    }

    public void heal() {
        if (!island.isEmpty()) {
            world.trace().add("all reach each other again");
            island.clear();
        }
    }
}
