package io.entente.protocol.transport;

import io.entente.protocol.EntenteExtension;
import io.netty.util.AttributeKey;

/** What a {@link CoordinatorChannel} remembers of each of its connections. */
final class ConnectionMarks {
    private ConnectionMarks() {}

    /** What the coordinator behind a registered connection understands. */
    static final AttributeKey<Understanding> UNDERSTANDING =
            AttributeKey.valueOf(ConnectionMarks.class, "UNDERSTANDING");

    /** Who leads, as the coordinator behind a connection has said; see {@link EntenteExtension#LEADER}. */
    static final AttributeKey<String> LEADER = AttributeKey.valueOf(ConnectionMarks.class, "LEADER");

    /** Set on a connection to a coordinator that leads no more, after which another was made. */
    static final AttributeKey<Boolean> RETIRED = AttributeKey.valueOf(ConnectionMarks.class, "RETIRED");

    /** Set on a connection that was made, so that its end is looked after when it closes. */
    static final AttributeKey<Boolean> REGISTERING = AttributeKey.valueOf(ConnectionMarks.class, "REGISTERING");

    /** Why a connection broke, where that is known before it closes. */
    static final AttributeKey<ConnectFailure> BROKEN = AttributeKey.valueOf(ConnectionMarks.class, "BROKEN");
}
