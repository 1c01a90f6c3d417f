package io.entente.tm;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.MessageType;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.Connection;
import io.entente.protocol.transport.ConnectionListener;
import io.entente.protocol.transport.ServerTransport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A coordinator on a real socket without branches: it keeps the outcome of each transaction, and can lose answers. */
public final class FakeCoordinatorServer implements ConnectionListener, AutoCloseable {

    private final ServerTransport transport;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<String, GlobalStatus> outcomes = new ConcurrentHashMap<>();
    private final Map<MessageType, AtomicInteger> answersToLose = new ConcurrentHashMap<>();
    private final List<Message> received = new CopyOnWriteArrayList<>();

    /** Listens on {@code port} of the loopback interface; 0 for any. */
    public FakeCoordinatorServer(int port) throws IOException {
        transport = ServerTransport.start(ServerTransport.Settings.on("127.0.0.1", port, 1), this);
    }

    public String address() {
        return "127.0.0.1:" + transport.port();
    }

    public int port() {
        return transport.port();
    }

    /** The next answers to such requests do not arrive: the work is done, but the connection breaks before. */
    public void loseAnswers(MessageType request, int count) {
        answersToLose.put(request, new AtomicInteger(count));
    }

    /** Everything but registrations, in the order it came. */
    public List<Message> received() {
        return List.copyOf(received);
    }

    /** How {@code xid} ended; FINISHED when nobody ever asked for an end. */
    public GlobalStatus outcome(String xid) {
        return outcomes.getOrDefault(xid, GlobalStatus.FINISHED);
    }

    public List<GlobalStatus> outcomes() {
        return List.copyOf(outcomes.values());
    }

    @Override
    public void received(Connection connection, Frame frame, Message message) {
        if (message instanceof Message.RegisterTmRequest) {
            connection.send(Frame.response(frame.requestId(), new Message.RegisterTmResponse(true, "2.6.0")));
            return;
        }
        received.add(message);
        Message answer = answerTo(message);
        AtomicInteger toLose = answersToLose.get(message.type());
        if (toLose != null && toLose.getAndDecrement() > 0) {
            connection.close("the test wants this answer to be lost");
        } else {
            connection.send(Frame.response(frame.requestId(), answer));
        }
    }

    private Message answerTo(Message message) {
        if (message instanceof Message.GlobalBeginRequest) {
            String xid = address() + ":" + lastId.incrementAndGet();
            outcomes.put(xid, GlobalStatus.BEGIN);
            return new Message.GlobalBeginResponse(Message.Result.OK, xid, "");
        }
        if (message instanceof Message.GlobalCommitRequest commit) {
            return new Message.GlobalCommitResponse(Message.Result.OK, decide(commit.xid(), GlobalStatus.COMMITTED));
        }
        if (message instanceof Message.GlobalRollbackRequest rollback) {
            return new Message.GlobalRollbackResponse(
                    Message.Result.OK, decide(rollback.xid(), GlobalStatus.ROLLED_BACK));
        }
        throw new AssertionError("unexpected request " + message);
    }

    /** The first decision stands. */
    private GlobalStatus decide(String xid, GlobalStatus wanted) {
        GlobalStatus now =
                outcomes.computeIfPresent(xid, (x, status) -> status == GlobalStatus.BEGIN ? wanted : status);
        return now == null ? GlobalStatus.FINISHED : now;
    }

    @Override
    public void closed(Connection connection) {}

    @Override
    public void close() {
        transport.close();
    }
}
