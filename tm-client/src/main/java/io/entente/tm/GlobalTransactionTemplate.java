package io.entente.tm;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in global transactions.
 *
 * <p>Whoever begins a transaction owns it: on return it commits, on an exception it rolls back and passes the
 * exception on, unless a {@link RollbackRule} says otherwise. Work that finds a transaction on its thread joins it and
 * never ends it; when it fails, the transaction is marked rollback-only, so that the failure counts even when
 * somebody in between catches the exception.
 *
 * <p>A commit that did not commit always throws:
 *
 * <ul>
 *   <li>{@link GlobalTransactionRolledBackException}: it was marked rollback-only, or the coordinator rolls it back
 *   <li>{@link GlobalTransactionTimedOutException}: its time was up
 *   <li>{@link GlobalTransactionOutcomeUnknownException}: the coordinator did not answer for as long as configured
 * </ul>
 *
 * <p>A begin that fails throws {@link CoordinatorUnavailableException} or {@link GlobalTransactionNotBegunException},
 * and the work does not run. Safe for use by any number of threads.
 */
public final class GlobalTransactionTemplate {

    private final PatientCoordinator coordinator;
    private final Duration standardTimeout;
    private final InstantSource clock;
    private final List<TransactionHook> hooks;

    GlobalTransactionTemplate(
            PatientCoordinator coordinator,
            Duration standardTimeout,
            InstantSource clock,
            List<TransactionHook> hooks) {
        this.coordinator = coordinator;
        this.standardTimeout = standardTimeout;
        this.clock = clock;
        this.hooks = List.copyOf(hooks);
    }

    /** A template that calls {@code newHooks}, and no others, in every transaction it owns. */
    public GlobalTransactionTemplate withHooks(List<TransactionHook> newHooks) {
        return new GlobalTransactionTemplate(coordinator, standardTimeout, clock, newHooks);
    }

    /**
     * Runs {@code work} in the present transaction, or in a new one called {@code name}.
     *
     * @throws E what the work throws
     * @throws GlobalTransactionException when the transaction did not begin, or did not commit
     */
    public <T extends @Nullable Object, E extends Throwable> T execute(String name, TransactionWork<T, E> work)
            throws E {
        return execute(TransactionOptions.named(name), work);
    }

    /**
     * Runs {@code work} as {@code options} say.
     *
     * @throws E what the work throws
     * @throws GlobalTransactionException when the transaction did not begin, or did not commit
     */
    public <T extends @Nullable Object, E extends Throwable> T execute(
            TransactionOptions options, TransactionWork<T, E> work) throws E {
        BoundTransaction present = TransactionContext.transaction();
        return switch (options.propagation()) {
            case REQUIRED -> present == null ? own(options, work) : join(options, work);
            case REQUIRES_NEW -> own(options, work);
            case SUPPORTS -> present == null ? work.run() : join(options, work);
            case NOT_SUPPORTED -> present == null ? work.run() : runSuspended(work);
            case NEVER -> {
                if (present != null) {
                    throw new IllegalPropagationException(
                            "'" + options.name()
                                    + "' must not run inside a global transaction (propagation NEVER), but "
                                    + present.xid() + " is on this thread. Call it outside, or use NOT_SUPPORTED.",
                            present.xid());
                }
                yield work.run();
            }
            case MANDATORY -> {
                if (present == null) {
                    throw new IllegalPropagationException(
                            "'" + options.name() + "' must run inside a global transaction (propagation MANDATORY), but"
                                    + " none is on this thread. Call it inside one, or use REQUIRED.",
                            null);
                }
                yield join(options, work);
            }
        };
    }

    /**
     * Asks the coordinator to roll back a transaction that another process owns: for a participant that cannot tell
     * its caller any more. The owner's commit then throws.
     *
     * @param reason what went wrong; attached to it is the failure to reach the coordinator, if any
     */
    public void rollBack(String xid, Throwable reason) {
        OwnedTransaction.ofAnotherProcess(coordinator, clock, xid).rollBackBecauseOf(reason);
    }

    private <T extends @Nullable Object, E extends Throwable> T own(
            TransactionOptions options, TransactionWork<T, E> work) throws E {
        Duration timeout = options.timeout() == null ? standardTimeout : options.timeout();
        if (options.isolation() == GlobalIsolation.READ_COMMITTED) {
            coordinator.requireReadChecks(options.name());
        }
        OwnedTransaction transaction = OwnedTransaction.begin(coordinator, clock, hooks, options.name(), timeout);
        try (var scope =
                TransactionContext.enter(transaction.bound(), options.lockWait(), options.isolation(), false)) {
            try {
                transaction.afterBegin();
                T result = runOwned(transaction, options, work);
                transaction.commit();
                return result;
            } finally {
                transaction.afterCompletion();
            }
        }
    }

    private static <T extends @Nullable Object, E extends Throwable> T runOwned(
            OwnedTransaction transaction, TransactionOptions options, TransactionWork<T, E> work) throws E {
        try {
            return work.run();
        } catch (Throwable e) {
            if (options.rollsBackOn(e)) {
                transaction.rollBackBecauseOf(e);
                throw e;
            }
            try {
                transaction.commit();
            } catch (RuntimeException | Error notCommitted) {
                // The caller may take the work's exception for a committed transaction, so this one goes first.
                notCommitted.addSuppressed(e);
                throw notCommitted;
            }
            throw e;
        }
    }

    private static <T extends @Nullable Object, E extends Throwable> T join(
            TransactionOptions options, TransactionWork<T, E> work) throws E {
        CapturedTransaction caller = TransactionContext.capture();
        try (var scope = caller.bindWith(options.lockWait(), options.isolation())) {
            return work.run();
        } catch (Throwable e) {
            if (options.rollsBackOn(e)) {
                caller.vote("participant '" + options.name() + "' failed with " + e);
            }
            throw e;
        }
    }

    private static <T extends @Nullable Object, E extends Throwable> T runSuspended(TransactionWork<T, E> work)
            throws E {
        try (var scope = TransactionContext.suspend()) {
            return work.run();
        }
    }
}
