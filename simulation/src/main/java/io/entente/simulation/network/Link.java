package io.entente.simulation.network;

import io.entente.simulation.world.SimulatedProcess;

/** A connection of a client to a server. Either end learns of its end some time after it. */
public final class Link {
    private final long id;
    private final SimulatedProcess client;
    private final SimulatedProcess server;
    private final Runnable clientClosed;
    private final Runnable serverClosed;
    private boolean open = true;
    private boolean openForServer = true;
    private long lastAtServer;
    private long lastAtClient;

    Link(long id, SimulatedProcess client, SimulatedProcess server, Runnable clientClosed, Runnable serverClosed) {
        this.id = id;
        this.client = client;
        this.server = server;
        this.clientClosed = client.inThisLife(clientClosed);
        this.serverClosed = server.inThisLife(serverClosed);
    }

    public long id() {
        return id;
    }

    SimulatedProcess client() {
        return client;
    }

    SimulatedProcess server() {
        return server;
    }

    SimulatedProcess receiver(boolean toServer) {
        return toServer ? server : client;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether the server believes so, which may be late. */
    public boolean isOpenForServer() {
        return openForServer;
    }

    void end() {
        open = false;
    }

    void tellClient() {
        clientClosed.run();
    }

    void tellServer() {
        openForServer = false;
        serverClosed.run();
    }

    /** When a message arrives that may not overtake those before it. */
    long inOrder(boolean toServer, long at) {
        if (toServer) {
            lastAtServer = Math.max(lastAtServer, at);
            return lastAtServer;
        }
        lastAtClient = Math.max(lastAtClient, at);
        return lastAtClient;
    }
}
