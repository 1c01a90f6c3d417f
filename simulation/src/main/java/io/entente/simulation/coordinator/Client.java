package io.entente.simulation.coordinator;

import io.entente.protocol.Message;
import io.entente.simulation.network.Link;
import io.entente.simulation.world.SimulatedProcess;
import java.util.Set;

/** An instance of an application, as a coordinator knows it. */
public interface Client {

    SimulatedProcess process();

    /** Name of the application. */
    String application();

    /** What it can commit and roll back. */
    Set<String> resources();

    /** The coordinator wants a branch to be committed or rolled back. */
    void onOrder(Message order);

    /** The connection has ended. */
    void onClosed(Link link);
}
