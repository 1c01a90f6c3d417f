package io.entente.protocol.transport;

import io.entente.protocol.Message;
import io.entente.protocol.MessageType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for answers. */
final class Answers {
    private Answers() {}

    /** @throws CoordinatorUnreachableException when none comes */
    static Message.Response await(MessageType request, CompletableFuture<Message.Response> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CoordinatorUnreachableException unreachable) {
                throw unreachable.here();
            }
            throw new IllegalStateException("request failed: " + request, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorUnreachableException("interrupted while waiting for the answer to " + request, false);
        }
    }
}
