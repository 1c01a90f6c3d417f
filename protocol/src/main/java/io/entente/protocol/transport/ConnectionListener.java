package io.entente.protocol.transport;

import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;

/** What a server does with its connections. Called on I/O threads: no method may block. */
public interface ConnectionListener {

    /**
     * A message came in.
     *
     * @param frame its envelope: kind and request id
     * @param message its body
     */
    void received(Connection connection, Frame frame, Message message);

    /** A connection was accepted, and with TLS its handshake has succeeded. */
    default void opened(Connection connection) {}

    /** The connection is being closed because of what its client did or did not do. Called once at most. */
    default void rejected(Connection connection, Rejection reason) {}

    /** No further message will come from this connection. Called once, also for one that never sent any. */
    void closed(Connection connection);
}
