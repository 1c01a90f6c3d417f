package io.entente.tm.saga;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Questions over a connection of their own. */
final class CoordinatorLine implements CoordinatorQuestions {

    private static final Logger log = LoggerFactory.getLogger(CoordinatorLine.class);

    private final ClientSettings settings;
    private @Nullable Open open;
    private boolean closed;

    private record Open(ClientTransport transport, CoordinatorChannel channel) {}

    /** Connects when the first question comes. */
    CoordinatorLine(ClientSettings settings) {
        this.settings = settings;
    }

    private synchronized CoordinatorChannel channel() {
        Open present = open;
        if (present == null) {
            if (closed) {
                throw new CoordinatorUnreachableException("the sagas of this process are closed", true);
            }
            ClientTransport transport = new ClientTransport(settings.servers(), settings.connectTimeout());
            present = new Open(transport, transport.open(new Asker()));
            open = present;
        }
        return present.channel;
    }

    @Override
    public boolean understandsSagas() {
        CoordinatorChannel channel = channel();
        channel.awaitConnected(settings.requestTimeout());
        return channel.understandsEntente();
    }

    @Override
    public Standing ask(String xid) {
        CoordinatorChannel channel = channel();
        if (!channel.isConnected()) {
            channel.awaitConnected(settings.requestTimeout());
        }
        if (!channel.understandsEntente()) {
            GlobalStatus status = channel.call(
                            new Message.GlobalStatusRequest(xid, ""),
                            Message.GlobalStatusResponse.class,
                            settings.requestTimeout())
                    .status();
            return new Standing(!isEnd(status), status, List.of());
        }
        Message.TransactionQueryResponse answer = channel.call(
                new Message.TransactionQuery(xid), Message.TransactionQueryResponse.class, settings.requestTimeout());
        if (!answer.result().success()) {
            throw new CoordinatorUnreachableException(
                    "The coordinator cannot tell how far " + xid + " is: "
                            + answer.result().message(),
                    false);
        }
        return new Standing(answer.found(), answer.status(), answer.branches());
    }

    private static boolean isEnd(GlobalStatus status) {
        return switch (status) {
            case COMMITTED, ROLLED_BACK, TIMEOUT_ROLLED_BACK, FINISHED -> true;
            default -> false;
        };
    }

    @Override
    public synchronized void close() {
        closed = true;
        Open present = open;
        if (present != null) {
            present.channel.close();
            present.transport.close();
        }
    }

    private final class Asker implements CoordinatorChannel.Role {

        @Override
        public Message.Request registration() {
            return new Message.RegisterTmRequest(
                    EntenteClient.PROTOCOL_VERSION,
                    settings.applicationId(),
                    settings.transactionGroup(),
                    "vgroup=" + settings.transactionGroup() + "\n" + EntenteExtension.ANNOUNCEMENT);
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {
            log.warn("The coordinator sent {} to somebody who only asks; ignored", message);
        }

        @Override
        public String toString() {
            return "sagas of " + settings.applicationId();
        }
    }
}
