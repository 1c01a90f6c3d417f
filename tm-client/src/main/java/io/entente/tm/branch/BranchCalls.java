package io.entente.tm.branch;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.protocol.transport.NotUnderstoodException;
import io.entente.protocol.transport.RequestWithdrawnException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the coordinator, whichever one leads, and turns its refusals into exceptions. */
final class BranchCalls {
    private static final Duration ASK_AGAIN_PAUSE = Duration.ofMillis(20);

    private final Supplier<@Nullable CoordinatorChannel> channel;
    private final Duration requestTimeout;
    private final InstantSource clock;

    /**
     * @param channel null while nothing is served, or when this process ends
     * @param requestTimeout longest wait for one answer, and before that for a connection
     */
    BranchCalls(Supplier<@Nullable CoordinatorChannel> channel, Duration requestTimeout, InstantSource clock) {
        this.channel = channel;
        this.requestTimeout = requestTimeout;
        this.clock = clock;
    }

    /**
     * Waits for a connection if need be. Asks again as long as there is time, if the one asked does not lead and so has done
     * nothing, or if the answer got lost and asking twice does no harm. A branch is registered once, however often it is
     * asked for, because the request says so by a number; a coordinator of Seata's does not read that.
     *
     * @param wait how much longer than others the answer may take
     */
    <R extends Message.ResultResponse> R call(Message.Request request, Class<R> type, Duration wait)
            throws BranchException {
        return call(request, (asked, head) -> asked.call(request, head, type, requestTimeout.plus(wait)));
    }

    /**
     * As {@link #call}, until somebody ends the wait.
     *
     * @param withdrawn completes when nobody wants to wait any longer; an interrupt of this thread ends the wait as well
     * @param late takes the answer that comes all the same, on an I/O thread: must not block
     * @throws WaitWithdrawnException the wait was ended
     */
    <R extends Message.ResultResponse> R callUntil(
            Message.Request request, Class<R> type, Duration wait, CompletableFuture<?> withdrawn, Consumer<R> late)
            throws BranchException {
        try {
            return call(
                    request,
                    (asked, head) -> asked.callUntil(request, head, type, requestTimeout.plus(wait), withdrawn, late));
        } catch (RequestWithdrawnException e) {
            throw new WaitWithdrawnException(String.valueOf(e.getMessage()), e);
        }
    }

    @FunctionalInterface
    private interface Question<R> {
        R ask(CoordinatorChannel asked, Map<String, String> head);
    }

    private <R extends Message.ResultResponse> R call(Message.Request request, Question<R> question)
            throws BranchException {
        Map<String, String> head = request instanceof Message.BranchRegisterRequest
                ? Map.of(EntenteExtension.REGISTRATION, Long.toHexString(newRegistration()))
                : Map.of();
        Instant end = clock.instant().plus(requestTimeout);
        while (true) {
            boolean again = clock.instant().isBefore(end);
            CoordinatorChannel asked = connected();
            boolean repeatable = head.isEmpty() || asked.understandsEntente();
            try {
                R answer = question.ask(asked, head);
                if (answer.result().success()) {
                    return answer;
                }
                if (answer.result().error() != TransactionError.NOT_RAFT_LEADER || !again) {
                    throw refusal(answer.result());
                }
            } catch (NotUnderstoodException e) {
                throw new BranchRefusedException(
                        TransactionError.BRANCH_REGISTER_FAILED, String.valueOf(e.getMessage()));
            } catch (CoordinatorUnreachableException e) {
                if (!again || (!repeatable && !e.surelyNotSent())) {
                    throw new CoordinatorSilentException(String.valueOf(e.getMessage()), e);
                }
            }
            pause();
        }
    }

    private static long newRegistration() {
        return ThreadLocalRandom.current().nextLong() | 1;
    }

    private static BranchException refusal(Message.Result result) {
        return switch (result.error()) {
            case LOCK_KEY_CONFLICT -> new RowLockConflictException(result.message(), false);
            case LOCK_KEY_CONFLICT_FAIL_FAST -> new RowLockConflictException(result.message(), true);
            default -> new BranchRefusedException(result.error(), result.message());
        };
    }

    /** Between one coordinator and the next; the connection to that is made meanwhile. */
    private static void pause() throws CoordinatorSilentException {
        try {
            TimeUnit.NANOSECONDS.sleep(ASK_AGAIN_PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorSilentException("interrupted while waiting for a coordinator that leads", e);
        }
    }

    /** @throws CoordinatorSilentException when there is no connection in time */
    CoordinatorChannel connected() throws CoordinatorSilentException {
        CoordinatorChannel open = channel.get();
        if (open == null) {
            throw new CoordinatorSilentException(
                    "No connection: the resource is not served, or this process ends.", null);
        }
        try {
            if (!open.isConnected()) {
                open.awaitConnected(requestTimeout);
            }
            return open;
        } catch (CoordinatorUnreachableException e) {
            throw new CoordinatorSilentException(String.valueOf(e.getMessage()), e);
        }
    }
}
