package io.entente.tc.log.raft;

import com.alipay.remoting.Connection;
import com.alipay.remoting.ConnectionSelectStrategy;
import com.alipay.remoting.rpc.RpcClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the connections to a member, and gives up those that are dead. A connection that ends while it is being
 * made, as to a process that is just dying or behind a proxy, gets among them after it was reported dead; the library
 * would then make no other for ten minutes, in which the member is not reached.
 */
final class LiveConnections implements ConnectionSelectStrategy {
    private final RpcClient client;

    LiveConnections(RpcClient client) {
        this.client = client;
    }

    @Override
    public @Nullable Connection select(List<Connection> connections) {
        Connection chosen = null;
        for (Connection connection : connections) {
            if (!connection.isFine()) {
                // With the last one goes their pool, and the next who needs a connection makes one.
                client.getConnectionManager().remove(connection);
            } else if (chosen == null) {
                chosen = connection;
            }
        }
        return chosen;
    }
}
