package io.entente.tc.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.remoting.Connection;
import com.alipay.remoting.rpc.RpcServer;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.RpcFactoryHelper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The line to a member whose process dies in the very moment in which it is connected to. */
class DeadConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void a_connection_that_died_while_it_was_made_does_not_keep_others_from_being_made() throws Exception {
        BoltRpcClient client = (BoltRpcClient) RpcFactoryHelper.rpcFactory().createRpcClient();
        client.init(new RpcOptions());
        RpcServer member = null;
        try {
            var connections = client.getRpcClient().getConnectionManager();
            Endpoint endpoint;
            Connection dead;
            try (ServerSocket dying = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                endpoint = new Endpoint("127.0.0.1", dying.getLocalPort());
                dead = connections.create(
                        client.getRpcClient().getAddressParser().parse(endpoint.toString()));
                dying.accept().close();
            }
            await().atMost(PATIENCE).until(() -> !dead.isFine());
            // What the library does when it has created one, whatever became of that.
            connections.add(dead, endpoint.toString());

            member = new RpcServer("127.0.0.1", endpoint.getPort());
            member.startup();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(client.checkConnection(endpoint, true)).isTrue());
        } finally {
            client.shutdown();
            if (member != null) {
                member.shutdown();
            }
        }
    }
}
