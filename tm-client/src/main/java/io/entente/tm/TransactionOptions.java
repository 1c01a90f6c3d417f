package io.entente.tm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to run a piece of work in a global transaction; what {@link GlobalTransactional} says, as a value.
 *
 * @param name shown by the coordinator and in messages
 * @param timeout after which the coordinator rolls back; null for the client's default
 * @param propagation what to do about a transaction that is already there
 * @param rollbackRules nearest class wins; when none matches, every exception rolls back
 * @param lockWait longest wait for row locks that other global transactions hold; zero not to wait, null for the default
 * @param isolation what queries see of other global transactions
 */
public record TransactionOptions(
        String name,
        @Nullable Duration timeout,
        Propagation propagation,
        List<RollbackRule> rollbackRules,
        @Nullable Duration lockWait,
        GlobalIsolation isolation) {

    private static final Duration LONGEST_LOCK_WAIT = Duration.ofDays(1);

    /** @throws IllegalArgumentException when the name is blank, the timeout is not within 1 ms and 24 days, or the lock wait is
     *     negative or longer than a day */
    public TransactionOptions {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A global transaction needs a name that is not blank.");
        }
        if (timeout != null) {
            requireTimeout("The timeout of global transaction '" + name + "'", timeout);
        }
        if (lockWait != null) {
            requireLockWait("The lock wait of global transaction '" + name + "'", lockWait);
        }
        rollbackRules = List.copyOf(rollbackRules);
    }

    /** Options for a transaction called {@code name}: {@link Propagation#REQUIRED}, everything else as configured. */
    public static TransactionOptions named(String name) {
        return new TransactionOptions(name, null, Propagation.REQUIRED, List.of(), null, GlobalIsolation.DEFAULT);
    }

    public TransactionOptions withTimeout(Duration newTimeout) {
        return new TransactionOptions(name, newTimeout, propagation, rollbackRules, lockWait, isolation);
    }

    public TransactionOptions withPropagation(Propagation newPropagation) {
        return new TransactionOptions(name, timeout, newPropagation, rollbackRules, lockWait, isolation);
    }

    /** Adds: roll back on this exception and its subclasses. */
    public TransactionOptions withRollbackFor(Class<? extends Throwable> exception) {
        return withRule(new RollbackRule(exception.getName(), true));
    }

    /** Adds: commit in spite of this exception and its subclasses. */
    public TransactionOptions withNoRollbackFor(Class<? extends Throwable> exception) {
        return withRule(new RollbackRule(exception.getName(), false));
    }

    public TransactionOptions withLockWait(Duration newLockWait) {
        return new TransactionOptions(name, timeout, propagation, rollbackRules, newLockWait, isolation);
    }

    public TransactionOptions withIsolation(GlobalIsolation newIsolation) {
        return new TransactionOptions(name, timeout, propagation, rollbackRules, lockWait, newIsolation);
    }

    private TransactionOptions withRule(RollbackRule rule) {
        List<RollbackRule> rules = new ArrayList<>(rollbackRules);
        rules.add(rule);
        return new TransactionOptions(name, timeout, propagation, rules, lockWait, isolation);
    }

    /** Between two rules at the same distance rollback wins: the safe side. */
    boolean rollsBackOn(Throwable exception) {
        boolean rollback = true;
        int nearest = Integer.MAX_VALUE;
        for (RollbackRule rule : rollbackRules) {
            int distance = rule.distance(exception);
            if (distance == RollbackRule.NO_MATCH || distance > nearest) {
                continue;
            }
            rollback = rule.rollback() || (distance == nearest && rollback);
            nearest = distance;
        }
        return rollback;
    }

    /**
     * Checks how long somebody is to wait for row locks.
     *
     * @param what names the setting
     * @throws IllegalArgumentException it is negative or longer than a day
     */
    public static void requireLockWait(String what, Duration lockWait) {
        if (lockWait.isNegative() || lockWait.compareTo(LONGEST_LOCK_WAIT) > 0) {
            throw new IllegalArgumentException(
                    what + " is " + lockWait + "; it must be between 0 ms, which is not to wait, and a day.");
        }
    }

    static void requireTimeout(String what, Duration timeout) {
        // The wire has 32 bits for the milliseconds.
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + " is " + timeout + "; it must be between 1 ms and "
                    + Duration.ofMillis(Integer.MAX_VALUE).toDays() + " days.");
        }
    }
}
