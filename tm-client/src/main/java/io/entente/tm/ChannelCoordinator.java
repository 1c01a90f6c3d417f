package io.entente.tm;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator at the other end of a channel. */
final class ChannelCoordinator implements TransactionCoordinator {

    private static final Logger log = LoggerFactory.getLogger(ChannelCoordinator.class);

    private final CoordinatorChannel channel;
    private final Duration requestTimeout;
    private volatile boolean open = true;

    ChannelCoordinator(CoordinatorChannel channel, Duration requestTimeout) {
        this.channel = channel;
        this.requestTimeout = requestTimeout;
    }

    @Override
    public String begin(String name, Duration timeout) {
        var request = new Message.GlobalBeginRequest(Math.toIntExact(timeout.toMillis()), name);
        Message.GlobalBeginResponse answer = channel.call(request, Message.GlobalBeginResponse.class, requestTimeout);
        if (!answer.result().success() && answer.extraData().equals(EntenteExtension.OVERLOADED)) {
            throw new CoordinatorRefusedException(
                    answer.result().error(), answer.result().message(), true);
        }
        return checked(answer).xid();
    }

    @Override
    public GlobalStatus commit(String xid) {
        var request = new Message.GlobalCommitRequest(xid, "");
        return checked(join(request, Message.GlobalCommitResponse.class)).status();
    }

    @Override
    public GlobalStatus rollback(String xid) {
        var request = new Message.GlobalRollbackRequest(xid, "");
        return checked(join(request, Message.GlobalRollbackResponse.class)).status();
    }

    @Override
    public boolean checksReads() {
        return channel.understandsEntente() || !channel.isConnected();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String address() {
        return channel.discovery().toString();
    }

    /**
     * Waits before something is asked again: {@code pause}, or only until there is a connection when there is none, for
     * then nobody is overloaded, and everybody waits for a coordinator that leads.
     */
    void pause(Duration pause) throws InterruptedException {
        if (channel.isConnected()) {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return;
        }
        try {
            channel.awaitConnected(pause);
        } catch (CoordinatorUnreachableException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for a coordinator");
            }
            log.debug("Still no connection to a coordinator after {}", pause);
        }
    }

    void close() {
        open = false;
        channel.close();
    }

    /** Unlike {@link CoordinatorChannel#call} not cut short by an interrupt. */
    private <R extends Message.Response> R join(Message.Request request, Class<R> type) {
        try {
            return type.cast(channel.request(request, requestTimeout).join());
        } catch (CompletionException e) {
            CoordinatorUnreachableException here = e.getCause() instanceof CoordinatorUnreachableException cause
                    ? new CoordinatorUnreachableException(String.valueOf(cause.getMessage()), cause.surelyNotSent())
                    : new CoordinatorUnreachableException(request.type() + " failed: " + e.getCause(), false);
            here.addSuppressed(e);
            throw here;
        }
    }

    private static <R extends Message.ResultResponse> R checked(R answer) {
        Message.Result result = answer.result();
        if (!result.success()) {
            throw new CoordinatorRefusedException(result.error(), result.message());
        }
        return answer;
    }

    /** Introduces this process as a TM; the coordinator never asks a TM for anything. */
    record Role(ClientSettings settings) implements CoordinatorChannel.Role {

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
            log.warn("The coordinator sent {} to a transaction manager, which takes no requests; ignored", message);
        }

        @Override
        public String toString() {
            return "transaction manager of " + settings.applicationId();
        }
    }
}
