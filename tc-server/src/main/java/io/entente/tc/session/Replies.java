package io.entente.tc.session;

import io.entente.protocol.Message;
import io.entente.protocol.ProtocolVersion;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.Connection;
import io.entente.tc.coordinator.Caller;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways in which an answer reaches a client, depending on how it asked and how old it is. */
final class Replies {
    private Replies() {}

    /** A frame of its own, with the id of the request. */
    static Caller plain(Connection connection, int requestId) {
        return response -> connection.send(Frame.response(requestId, response));
    }

    /**
     * One caller for each request that came in a batch.
     *
     * <p>Clients from 2.3 on take single answers. Those from 1.5 on take a batch of one, and must never be sent anything
     * else. Older ones want all answers together and in order, so that one late answer delays the others.
     */
    static Caller[] toBatch(Session session, int frameId, Message.MergedRequest batch) {
        int size = batch.messages().size();
        Connection connection = session.connection();
        Caller[] callers = new Caller[size];
        boolean hasIds = batch.messageIds().size() == size;
        if (hasIds && session.version().isAtLeast(ProtocolVersion.PLAIN_ANSWERS_TO_BATCHES)) {
            Arrays.setAll(callers, i -> plain(connection, batch.messageIds().get(i)));
        } else if (hasIds && session.version().isAtLeast(ProtocolVersion.BATCH_ANSWERS)) {
            Arrays.setAll(callers, i -> (Caller) response -> connection.send(Frame.response(
                    frameId,
                    new Message.BatchResponse(
                            List.of(response), List.of(batch.messageIds().get(i))))));
        } else {
            Together together = new Together(connection, frameId, size);
            Arrays.setAll(callers, i -> (Caller) response -> together.answer(i, response));
        }
        return callers;
    }

    /** Whether each request of a batch gets its answer by itself. */
    static boolean answersAlone(Session session, Message.MergedRequest batch) {
        return batch.messageIds().size() == batch.messages().size()
                && session.version().isAtLeast(ProtocolVersion.BATCH_ANSWERS);
    }

    private static final class Together {
        private final Connection connection;
        private final int frameId;
        private final @Nullable Message[] answers;
        private int missing;

        Together(Connection connection, int frameId, int size) {
            this.connection = connection;
            this.frameId = frameId;
            this.answers = new @Nullable Message[size];
            this.missing = size;
        }

        synchronized void answer(int index, Message.Response response) {
            answers[index] = response;
            if (--missing == 0) {
                List<Message> all =
                        Arrays.stream(answers).map(Message.class::cast).toList();
                connection.send(Frame.response(frameId, new Message.MergedResponse(all)));
            }
        }
    }
}
