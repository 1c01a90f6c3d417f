package io.entente.tm;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

/**
 * Asks again when an answer is lost, with growing pauses, for a bounded time.
 *
 * <p>Commit and rollback may be asked for any number of times: the coordinator answers with the first decision. A
 * begin is repeated only when it surely never left, for otherwise it could leave a transaction behind.
 */
final class PatientCoordinator {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Refusals that say "not now" rather than "no". */
    private static final Set<TransactionError> PASSING = EnumSet.of(
            TransactionError.IO,
            TransactionError.FAILED_TO_LOCK_GLOBAL_TRANSACTION,
            TransactionError.FAILED_WRITE_SESSION,
            TransactionError.FAILED_STORE,
            TransactionError.NOT_RAFT_LEADER,
            TransactionError.BROKEN);

    private final TransactionCoordinator coordinator;
    private final Duration beginPatience;
    private final Duration completionPatience;
    private final InstantSource clock;
    private final Pause pause;

    /** Waits; a seam for tests. */
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /** What came of asking for a commit or a rollback. */
    sealed interface Answer {}

    /**
     * The coordinator told the state.
     *
     * @param repeated whether an earlier request may have been carried out without its answer arriving
     */
    record Told(GlobalStatus status, boolean repeated) implements Answer {}

    /** The coordinator refused. */
    record Refused(CoordinatorRefusedException refusal, boolean repeated) implements Answer {}

    /** No answer within the time. */
    record Silent(int attempts, Duration waited, RuntimeException last) implements Answer {}

    PatientCoordinator(
            TransactionCoordinator coordinator,
            Duration beginPatience,
            Duration completionPatience,
            InstantSource clock,
            Pause pause) {
        this.coordinator = coordinator;
        this.beginPatience = beginPatience;
        this.completionPatience = completionPatience;
        this.clock = clock;
        this.pause = pause;
    }

    String address() {
        return coordinator.address();
    }

    /** @throws GlobalTransactionNotBegunException the coordinator cannot tell queries what is committed */
    void requireReadChecks(String name) {
        if (!coordinator.checksReads()) {
            throw new GlobalTransactionNotBegunException(
                    "Global transaction '" + name
                            + "' was not begun: its isolation is READ_COMMITTED, and the coordinator"
                            + " at " + coordinator.address()
                            + ", which is one of Seata, cannot tell what is committed. Let entente.server name a"
                            + " coordinator of Entente, or leave the isolation out and read with SELECT … FOR UPDATE.",
                    null);
        }
    }

    /**
     * Begins a transaction and returns its XID.
     *
     * @throws CoordinatorUnavailableException when no coordinator could be reached, or none answered
     * @throws CoordinatorOverloadedException when it has too much to do
     * @throws GlobalTransactionNotBegunException when it refused for another reason
     */
    String begin(String name, Duration timeout) {
        Instant deadline = clock.instant().plus(beginPatience);
        for (int attempt = 1; ; attempt++) {
            try {
                return coordinator.begin(name, timeout);
            } catch (CoordinatorRefusedException e) {
                Duration next = pauseAfter(attempt);
                if (e.error() == TransactionError.NOT_RAFT_LEADER
                        && isTimeFor(next, deadline)
                        && pausedUninterrupted(next)) {
                    continue;
                }
                String message = "Global transaction '" + name + "' was not begun: the coordinator at "
                        + coordinator.address() + " refused with " + e.getMessage();
                throw e.overloaded()
                        ? new CoordinatorOverloadedException(message, e)
                        : new GlobalTransactionNotBegunException(message, e);
            } catch (CoordinatorUnreachableException e) {
                Duration next = pauseAfter(attempt);
                if (!e.surelyNotSent() || !isTimeFor(next, deadline) || !pausedUninterrupted(next)) {
                    throw unavailable(name, attempt, e);
                }
            }
        }
    }

    private CoordinatorUnavailableException unavailable(String name, int attempts, CoordinatorUnreachableException e) {
        return new CoordinatorUnavailableException(
                "Global transaction '" + name + "' was not begun after " + attempts + " attempt(s) within "
                        + beginPatience.toMillis() + " ms: " + e.getMessage()
                        + (e.surelyNotSent()
                                ? ""
                                : " If it was begun after all, it is empty and the coordinator ends it by its timeout."),
                e);
    }

    Answer commit(String xid) {
        return complete(() -> coordinator.commit(xid));
    }

    Answer rollback(String xid) {
        return complete(() -> coordinator.rollback(xid));
    }

    private interface Request {
        GlobalStatus send();
    }

    private Answer complete(Request request) {
        // An interrupt must not cut off the answer, which exists by now or will; it is passed on afterwards.
        boolean interrupted = Thread.interrupted();
        try {
            Instant start = clock.instant();
            Instant deadline = start.plus(completionPatience);
            boolean repeated = false;
            for (int attempt = 1; ; attempt++) {
                RuntimeException failure;
                try {
                    return new Told(request.send(), repeated);
                } catch (CoordinatorRefusedException e) {
                    if (!PASSING.contains(e.error())) {
                        return new Refused(e, repeated);
                    }
                    // Who does not lead has done nothing.
                    repeated |= e.error() != TransactionError.NOT_RAFT_LEADER;
                    failure = e;
                } catch (CoordinatorUnreachableException e) {
                    repeated |= !e.surelyNotSent();
                    failure = e;
                }
                Duration next = pauseAfter(attempt);
                if (!isTimeFor(next, deadline)) {
                    return new Silent(attempt, Duration.between(start, clock.instant()), failure);
                }
                interrupted |= pausedAndInterrupted(next);
            }
        } finally {
            interrupted |= Thread.interrupted();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isTimeFor(Duration next, Instant deadline) {
        return coordinator.isOpen() && clock.instant().plus(next).isBefore(deadline);
    }

    private boolean pausedUninterrupted(Duration duration) {
        boolean interrupted = pausedAndInterrupted(duration);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !interrupted;
    }

    private boolean pausedAndInterrupted(Duration duration) {
        try {
            pause.of(duration);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static Duration pauseAfter(int attempt) {
        Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 10));
        return grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
    }
}
