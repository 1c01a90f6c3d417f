package io.entente.protocol.transport;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.RegistrationRefusal;
import io.entente.protocol.RegistrationToken;
import io.entente.protocol.TransactionError;
import io.entente.protocol.codec.Frame;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's lasting line to its coordinator, in one role: TM or RM.
 *
 * <p>It connects by itself, registers, sends heartbeats, and connects again with growing pauses when the line breaks,
 * until it is closed. Each round of attempts begins with the question where coordinators are now. Of a cluster it connects
 * to the coordinator that leads, wherever it hears of it first. A request is tried once and its future always completes: with the answer, or with a
 * {@link CoordinatorUnreachableException} that says whether it may have arrived. Trying again is the caller's
 * decision, who alone knows what may be repeated.
 */
public final class CoordinatorChannel implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CoordinatorChannel.class);

    /** How long the answers that are under way over a connection to who leads no more may take. */
    private static final long RETIREMENT_MILLIS = 5_000;

    private static final long ELECTION_PAUSE_MILLIS = 100;
    private static final int QUICK_FAILURES = 30;
    private static final int MOST_REDIRECTIONS = 3;

    private final ClientTransport transport;
    private final Candidates candidates;
    private final Role role;
    private final PendingRequests pending = new PendingRequests();
    private final Random jitter = new Random();

    private volatile @Nullable Channel connected;
    private volatile Understanding latest = Understanding.UNKNOWN;
    private volatile boolean closed;
    private volatile ConnectFailure lastFailure = ConnectFailure.of("no attempt has ended yet");
    private volatile CompletableFuture<Void> ready = new CompletableFuture<>();
    // Used on the I/O thread only.
    private final Deque<Candidate> round = new ArrayDeque<>();
    private int rounds;
    private int failures;
    private int redirections;
    private @Nullable ServerAddress redirection;
    private boolean electing;

    CoordinatorChannel(ClientTransport transport, Candidates candidates, Role role) {
        this.transport = transport;
        this.candidates = candidates;
        this.role = role;
    }

    /** What the owner of the channel brings: how to introduce itself, and what to do for the coordinator. */
    public interface Role {

        /** The first message on every new connection; asked for each time, so that it can tell the present state. */
        Message.Request registration();

        /**
         * The coordinator asks for something. Called on the I/O thread: must not block.
         *
         * @param answer sends the answer, at any time, from any thread, over whatever connection there is then
         */
        void received(Message message, Answer answer);
    }

    /** Sends one answer to the coordinator. */
    public interface Answer {
        void send(Message.Response response);
    }

    /** True while a connection is up and registered. */
    public boolean isConnected() {
        return connected != null;
    }

    /**
     * True while a connection is up whose coordinator understands {@link EntenteExtension}; never against Seata's server.
     * Messages of the extension sent over a connection that does not are not sent at all.
     */
    public boolean understandsEntente() {
        Channel channel = connected;
        return channel != null && of(channel).extended();
    }

    /** As {@link #understandsEntente}, of the coordinator that was connected last, also while there is no connection. */
    public boolean lastUnderstoodEntente() {
        return latest.extended();
    }

    private static Understanding of(Channel channel) {
        Understanding told = channel.attr(ConnectionMarks.UNDERSTANDING).get();
        return told == null ? Understanding.UNKNOWN : told;
    }

    /** What tells this channel where to connect. */
    public CoordinatorDiscovery discovery() {
        return candidates.discovery();
    }

    /**
     * Waits until the channel is connected and registered.
     *
     * @throws CoordinatorUnreachableException after {@code patience}; the message says what was tried and why it failed
     */
    public void awaitConnected(Duration patience) {
        try {
            ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw unreachable("no coordinator could be reached within " + patience.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted while waiting for a coordinator");
        }
    }

    /**
     * Sends {@code request} now, if there is a connection.
     *
     * @param patience how long to wait for the answer
     */
    public CompletableFuture<Message.Response> request(Message.Request request, Duration patience) {
        return request(request, Map.of(), patience);
    }

    /**
     * As {@link #request(Message.Request, Duration)}.
     *
     * @param head what goes beside the request to a coordinator that understands {@link EntenteExtension}, and only to one
     */
    public CompletableFuture<Message.Response> request(
            Message.Request request, Map<String, String> head, Duration patience) {
        return sent(request, head, patience).answer();
    }

    private PendingRequests.Sent sent(Message.Request request, Map<String, String> head, Duration patience) {
        Channel channel = connected;
        if (channel == null) {
            return PendingRequests.Sent.failed(
                    unreachable(closed ? "the client is closed" : "there is no connection to a coordinator"));
        }
        Understanding understanding = of(channel);
        if (!understanding.covers(request)) {
            return PendingRequests.Sent.failed(new NotUnderstoodException(request.type()
                    + " was not sent: the coordinator at " + channel.remoteAddress() + ", " + understanding
                    + ", does not know this message. Let entente.server name a coordinator of Entente."));
        }
        return pending.send(channel, understanding.wording(request), understanding.heads(head), patience);
    }

    /**
     * Sends a message that nobody answers, if there is a connection whose coordinator knows it; else it is dropped, as
     * when the connection breaks before it arrives.
     *
     * @param message no {@link Message.Request}: its answer would be lost
     */
    public void tell(Message message) {
        if (message instanceof Message.Request) {
            throw new IllegalArgumentException(message.type() + " is answered; send it with request()");
        }
        Channel channel = connected;
        if (channel == null || !of(channel).covers(message)) {
            return;
        }
        pending.tell(channel, message);
    }

    /**
     * Sends {@code request} and waits for the answer.
     *
     * @throws CoordinatorUnreachableException when none comes
     */
    public <R extends Message.Response> R call(Message.Request request, Class<R> answer, Duration patience) {
        return call(request, Map.of(), answer, patience);
    }

    /**
     * As {@link #call(Message.Request, Class, Duration)}.
     *
     * @param head as for {@link #request(Message.Request, Map, Duration)}
     */
    public <R extends Message.Response> R call(
            Message.Request request, Map<String, String> head, Class<R> answer, Duration patience) {
        return answer.cast(Answers.await(request.type(), request(request, head, patience)));
    }

    /**
     * As {@link #call(Message.Request, Map, Class, Duration)}, for a request that may wait for rows at the coordinator, until
     * somebody ends the wait. The coordinator is told then that nobody waits any more.
     *
     * @param withdrawn completes when nobody wants to wait any longer; an interrupt of this thread ends the wait as well
     * @param late takes the answer that comes all the same, on the I/O thread: must not block
     * @throws RequestWithdrawnException the wait was ended; whether the request took effect, the late answer tells
     * @throws CoordinatorUnreachableException when no answer comes
     */
    public <R extends Message.Response> R callUntil(
            Message.Request request,
            Map<String, String> head,
            Class<R> answer,
            Duration patience,
            CompletableFuture<?> withdrawn,
            Consumer<R> late) {
        PendingRequests.Sent sent = sent(request, head, patience);
        boolean interrupted = sent.awaitUntil(withdrawn);
        if (sent.answer().isDone() && !interrupted) {
            return answer.cast(Answers.await(request.type(), sent.answer()));
        }
        Channel channel = sent.channel();
        if (channel != null && of(channel).extended()) {
            pending.tell(channel, new Message.RowWaitWithdrawal(sent.id()));
        }
        var unused = sent.answer().thenAccept(came -> late.accept(answer.cast(came)));
        throw new RequestWithdrawnException(request.type(), interrupted);
    }

    /** Sends the registration again, because what {@link Role#registration()} says has changed. */
    public CompletableFuture<Message.Response> registerAgain(Duration patience) {
        Channel channel = connected;
        if (channel == null) {
            return CompletableFuture.failedFuture(unreachable("there is no connection to a coordinator"));
        }
        try {
            return pending.send(channel, registration(channel), Map.of(), patience)
                    .answer();
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(
                    new CoordinatorUnreachableException("the registration was not sent: " + e.getMessage(), true));
        }
    }

    /** @throws IllegalArgumentException when the token cannot be had, or would be shown to everybody on the way */
    private Message.Request registration(Channel channel) {
        @Nullable String token = transport.security().tokenFor(channel.remoteAddress());
        return token == null ? role.registration() : RegistrationToken.added(role.registration(), token);
    }

    void connect() {
        if (closed) {
            return;
        }
        ServerAddress leader = redirection;
        redirection = null;
        if (leader != null) {
            transport.whenDone(candidates.of(leader), (found, failure) -> tryFirst(found == null ? List.of() : found));
        } else if (!round.isEmpty()) {
            tryNext();
        } else {
            rounds++;
            transport.whenDone(candidates.all(), this::begin);
        }
    }

    private void begin(@Nullable List<Candidate> found, @Nullable Throwable failure) {
        if (found == null) {
            connectLater(ConnectFailure.discovering(discovery(), failure));
        } else if (found.isEmpty()) {
            connectLater(ConnectFailure.nobodyFound(discovery()));
        } else {
            round.addAll(found);
            tryNext();
        }
    }

    /** What was left to try stays for the case that none of these is it. */
    private void tryFirst(List<Candidate> leader) {
        for (int i = leader.size() - 1; i >= 0; i--) {
            round.addFirst(leader.get(i));
        }
        connect();
    }

    private void tryNext() {
        Candidate candidate = round.remove();
        if (closed) {
            return;
        }
        if (candidate.address() == null) {
            connectLater(ConnectFailure.unknown(candidate));
            return;
        }
        transport.connect(candidate, this).addListener(attempt -> {
            if (attempt.isSuccess()) {
                register((Channel) attempt.getNow(), candidate);
            } else {
                connectLater(ConnectFailure.connecting(candidate, attempt.cause()));
            }
        });
    }

    private void register(Channel channel, Candidate server) {
        if (!channel.isActive()) {
            // Nobody looks after its end, because it was not registering yet.
            connectLater(ConnectFailure.of(server + ": the connection broke as soon as it was there"));
            return;
        }
        Message.Request registration;
        try {
            registration = registration(channel);
        } catch (IllegalArgumentException e) {
            channel.close();
            connectLater(new ConnectFailure(server + ": " + e.getMessage(), ""));
            return;
        }
        channel.attr(ConnectionMarks.REGISTERING).set(true);
        pending.send(channel, registration, Map.of(), transport.registrationPatience())
                .answer()
                .whenComplete((answer, failure) -> {
                    if (RegistrationAnswer.isAccepted(answer)) {
                        registered(channel, server, RegistrationAnswer.versionOf(answer));
                        return;
                    }
                    @Nullable
                    ConnectFailure known = channel.attr(ConnectionMarks.BROKEN).get();
                    lastFailure = known != null
                            ? known
                            : failure == null
                                    ? refusal(channel, server, answer)
                                    : ConnectFailure.registering(server, failure, transport.security());
                    channel.close();
                });
    }

    private void registered(Channel channel, Candidate server, String version) {
        if (closed) {
            channel.close();
            return;
        }
        failures = 0;
        rounds = 0;
        redirections = 0;
        round.clear();
        Understanding understanding = Understanding.of(version);
        channel.attr(ConnectionMarks.UNDERSTANDING).set(understanding);
        latest = understanding;
        connected = channel;
        log.info("Connected to the coordinator at {}, {}, as {}", server, understanding, role);
        ready.complete(null);
    }

    /** Something went wrong on {@code channel}, which is closed next. */
    void broke(Channel channel, Throwable cause) {
        ConnectFailure failure = ConnectFailure.registered(channel.remoteAddress(), cause);
        channel.attr(ConnectionMarks.BROKEN).set(failure);
        if (connected == channel) {
            log.warn("Closing the connection to {}", failure.what());
        }
    }

    /** Why a registration was refused; by a coordinator of a cluster, because another one leads. */
    private ConnectFailure refusal(Channel channel, Candidate server, Message.@Nullable Response answer) {
        String leader = channel.attr(ConnectionMarks.LEADER).get();
        if (leader == null) {
            return ConnectFailure.refused(server, RegistrationRefusal.reason(RegistrationAnswer.versionOf(answer)));
        }
        follow(leader);
        return ConnectFailure.refused(
                server, leader.isEmpty() ? "no coordinator of the cluster leads at the moment" : leader + " leads");
    }

    private void follow(String leader) {
        electing = leader.isEmpty();
        redirection = electing ? null : ServerAddress.orNull(leader);
        if (redirection == null && !electing) {
            log.warn("A coordinator says that '{}' leads, which is no address; trying all that are known", leader);
        }
    }

    void received(Channel channel, Frame frame) {
        Message body = frame.body();
        String leader = frame.head().get(EntenteExtension.LEADER);
        if (leader != null) {
            channel.attr(ConnectionMarks.LEADER).set(leader);
        }
        if (body instanceof Message.Response response) {
            if (response instanceof Message.ResultResponse result
                    && result.result().error() == TransactionError.NOT_RAFT_LEADER
                    && !result.result().success()) {
                retire(channel, "");
            }
            pending.answered(frame.requestId(), response);
        } else if (body != null) {
            role.received(body, response -> answer(channel, frame.requestId(), response));
        } else if (leader != null) {
            retire(channel, leader);
        }
    }

    /**
     * The coordinator behind this connection leads no more: the next requests go to who does. Those under way are still
     * answered here.
     */
    private void retire(Channel channel, String leader) {
        if (connected != channel) {
            return;
        }
        channel.attr(ConnectionMarks.RETIRED).set(true);
        disconnected();
        follow(leader);
        connectLater(ConnectFailure.of(channel.remoteAddress() + " leads no more"));
        transport.schedule(channel::close, RETIREMENT_MILLIS);
    }

    private void disconnected() {
        connected = null;
        ready = new CompletableFuture<>();
    }

    private void answer(Channel receivedOn, int requestId, Message.Response response) {
        Channel current = connected;
        Channel target = current != null ? current : receivedOn;
        if (target.isActive()) {
            target.writeAndFlush(Frame.response(requestId, of(target).wording(response)));
        } else {
            log.debug("No connection to send {} over; the coordinator will ask again", response);
        }
    }

    void lost(Channel channel) {
        boolean wasConnected = connected == channel;
        if (wasConnected) {
            disconnected();
        }
        pending.lost(channel);
        if (closed || Boolean.TRUE.equals(channel.attr(ConnectionMarks.RETIRED).get())) {
            return;
        }
        @Nullable ConnectFailure known = channel.attr(ConnectionMarks.BROKEN).get();
        if (wasConnected) {
            connectLater(
                    known != null
                            ? known
                            : ConnectFailure.of("the connection to " + channel.remoteAddress() + " broke"));
        } else if (channel.attr(ConnectionMarks.REGISTERING).get() != null) {
            connectLater(lastFailure);
        }
    }

    private void connectLater(ConnectFailure reason) {
        lastFailure = reason;
        if (closed) {
            return;
        }
        if (redirection != null && redirections < MOST_REDIRECTIONS) {
            redirections++;
            transport.schedule(this::connect, 0);
            return;
        }
        // A coordinator that restarts, or an election, takes seconds: quick for that long, then at most every two or
        // so.
        long longest = failures < QUICK_FAILURES ? 200 : 2_000;
        long pauseMillis =
                electing ? ELECTION_PAUSE_MILLIS : Math.min(longest, 50L << Math.max(0, Math.min(rounds - 1, 6)));
        electing = false;
        failures++;
        if (failures == 1 || failures % 30 == 0) {
            log.warn("No connection to a coordinator ({}); trying {} until one answers", reason.text(), discovery());
        }
        transport.schedule(this::connect, pauseMillis / 2 + jitter.nextLong(pauseMillis));
    }

    private CoordinatorUnreachableException unreachable(String what) {
        return new CoordinatorUnreachableException(
                what + ". Tried: " + discovery() + ". Last failure: " + lastFailure.text(), true);
    }

    /** Closes the connection for good; requests under way fail. */
    @Override
    public void close() {
        closed = true;
        Channel channel = connected;
        connected = null;
        if (channel != null) {
            channel.close();
        }
        transport.forget(this);
        pending.close();
    }
}
