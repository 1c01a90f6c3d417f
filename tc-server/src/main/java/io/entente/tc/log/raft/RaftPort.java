package io.entente.tc.log.raft;

import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcServer;
import io.entente.protocol.transport.Rejection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where the other members connect: one port of this process for all groups that it is a member of. */
public final class RaftPort {
    private static final int BIND_ATTEMPTS = 20;
    private static final long BIND_PAUSE_NANOS = 100_000_000;

    private final String bindHost;
    private final int port;
    private final @Nullable RaftTls tls;
    private final List<Predicate<String>> hostsOfMembers = new CopyOnWriteArrayList<>();
    private @Nullable RpcServer server;
    private int users;

    private RaftPort(RaftSettings settings, Consumer<Rejection> onRejected) {
        this.bindHost = settings.bindHost();
        this.port = settings.self().raftPort();
        this.tls = settings.tls() == null
                ? null
                : new RaftTls(
                        settings.tls(),
                        host -> hostsOfMembers.stream().anyMatch(known -> known.test(host)),
                        onRejected);
    }

    /** @param onRejected told, on I/O threads, of connections that may not be */
    public static RaftPort of(RaftSettings settings, Consumer<Rejection> onRejected) {
        return new RaftPort(settings, onRejected);
    }

    /** Options of a node that connects to others as this port wants them to. */
    NodeOptions optionsOfNode() {
        return tls == null ? new NodeOptions() : new MemberRpcFactory.ProtectedOptions(tls);
    }

    /**
     * Listens, unless another group has it listen already.
     *
     * @param isHostOfMember of the group that begins to take part
     */
    synchronized RpcServer join(Predicate<String> isHostOfMember) {
        if (tls != null) {
            MemberRpcFactory.requireInUse();
        }
        hostsOfMembers.add(isHostOfMember);
        if (server == null) {
            server = startedServer();
        }
        users++;
        return server;
    }

    /** A group that has joined takes part no more. With the last one the port is closed. */
    synchronized void leave() {
        users--;
        if (users == 0) {
            Objects.requireNonNull(server).shutdown();
            server = null;
        }
    }

    /** A member that was closed in this process may hold its port for a moment longer than it says. */
    private RpcServer startedServer() {
        for (int attempt = 1; ; attempt++) {
            // The library's own way would listen on all addresses.
            var bolt = new com.alipay.remoting.rpc.RpcServer(bindHost, port, true);
            if (tls != null) {
                tls.protect(bolt);
            }
            RpcServer starting = new BoltRpcServer(bolt);
            RaftRpcServerFactory.addRaftRequestProcessors(starting);
            try {
                starting.init(null);
                return starting;
            } catch (RuntimeException e) {
                if (attempt == BIND_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(BIND_PAUSE_NANOS);
            }
        }
    }
}
