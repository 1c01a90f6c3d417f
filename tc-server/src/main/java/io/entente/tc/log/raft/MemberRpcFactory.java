package io.entente.tc.log.raft;

import com.alipay.remoting.config.BoltGenericOption;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.impl.BoltRaftRpcFactory;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcClient;
import com.alipay.sofa.jraft.util.RpcFactoryHelper;
import com.alipay.sofa.jraft.util.SPI;
import io.entente.tc.log.LogUnusableException;

/**
 * The library's transport between members, whose clients forget connections that are dead, and with TLS for nodes whose
 * options ask for it. Found by the library as a service, before its own.
 */
@SPI(name = "entente", priority = 100)
public final class MemberRpcFactory extends BoltRaftRpcFactory {

    /** Options of a node with protected connections. */
    static final class ProtectedOptions extends NodeOptions {
        private final RaftTls tls;

        ProtectedOptions(RaftTls tls) {
            this.tls = tls;
        }
    }

    /** @throws LogUnusableException when connections to the other members would be in plain text */
    static void requireInUse() {
        Object used = RpcFactoryHelper.rpcFactory();
        if (!(used instanceof MemberRpcFactory)) {
            throw new LogUnusableException("The connections between the members cannot be protected: SOFAJRaft uses "
                    + used.getClass().getName() + " instead of " + MemberRpcFactory.class.getName()
                    + ". Remove the other one from the class path; in a jar that was put together from others,"
                    + " META-INF/services/com.alipay.sofa.jraft.rpc.RaftRpcFactory has to name both.");
        }
    }

    @Override
    public RpcClient createRpcClient(ConfigHelper<RpcClient> configuration) {
        com.alipay.remoting.rpc.RpcClient transport = new com.alipay.remoting.rpc.RpcClient();
        transport.option(BoltGenericOption.CONNECTION_SELECT_STRATEGY, new LiveConnections(transport));
        RpcClient client = new BoltRpcClient(transport);
        if (configuration != null) {
            configuration.config(client);
        }
        return client;
    }

    @Override
    public ConfigHelper<RpcClient> defaultJRaftClientConfigHelper(RpcOptions options) {
        if (options instanceof ProtectedOptions asked) {
            return client -> asked.tls.protect(((BoltRpcClient) client).getRpcClient());
        }
        return client -> {};
    }
}
