package io.entente.testkit;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.ServerAddress;
import java.time.Duration;

/** The least a transaction manager does: begins transactions and asks how they are. */
public final class TransactionManagerClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ClientTransport transport;
    private final CoordinatorChannel channel;

    public TransactionManagerClient(String address) {
        transport = new ClientTransport(ServerAddress.parseList(address), PATIENCE);
        channel = transport.open(new CoordinatorChannel.Role() {
            @Override
            public Message.Request registration() {
                return new Message.RegisterTmRequest("2.0.0", "testkit-test", "default_tx_group", "");
            }

            @Override
            public void received(Message message, CoordinatorChannel.Answer answer) {
                throw new IllegalStateException("A transaction manager is asked nothing: " + message);
            }
        });
    }

    /** Returns the XID. */
    public String begin(Duration timeout) {
        channel.awaitConnected(PATIENCE);
        return channel.call(
                        new Message.GlobalBeginRequest((int) timeout.toMillis(), "testkit-test"),
                        Message.GlobalBeginResponse.class,
                        PATIENCE)
                .xid();
    }

    public GlobalStatus status(String xid) {
        channel.awaitConnected(PATIENCE);
        return channel.call(new Message.GlobalStatusRequest(xid, ""), Message.GlobalStatusResponse.class, PATIENCE)
                .status();
    }

    @Override
    public void close() {
        transport.close();
    }
}
