package io.entente.tc.log.raft;

import com.alipay.remoting.config.BoltGenericOption;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.impl.BoltRaftRpcFactory;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcClient;
import com.alipay.sofa.jraft.util.SPI;

/**
 * The library's transport between members, whose clients forget connections that are dead. Found by the library as a
 * service, before its own.
 */
@SPI(name = "entente", priority = 1)
public final class MemberRpcFactory extends BoltRaftRpcFactory {
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
}
