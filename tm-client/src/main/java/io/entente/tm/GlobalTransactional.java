package io.entente.tm;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method in a global transaction: on a class, each of its public methods; the annotation of the method wins
 * over that of its class. Also works as a meta-annotation and on interfaces.
 *
 * <p>The method that begins the transaction owns it: it commits on return and rolls back on an exception. A method
 * that finds a transaction joins it; if it then fails, the owner can only roll back, even when somebody in between
 * catches the exception. The transaction begins outside of Spring's {@code @Transactional} on the same method, so
 * that the local commit comes before the global one.
 *
 * @see GlobalTransactionTemplate for the same without an annotation, and for the exceptions thrown
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface GlobalTransactional {

    /** Shown by the coordinator and in messages; by default {@code Class.method}. */
    String name() default "";

    /**
     * Milliseconds after which the coordinator rolls back; 0 for {@code entente.default-timeout}. Counts where the
     * transaction begins; a method that joins one cannot change its timeout.
     */
    int timeoutMillis() default 0;

    /** Exceptions that roll back. Every one does, unless excluded below; this is for exceptions to an exclusion. */
    Class<? extends Throwable>[] rollbackFor() default {};

    /** As {@link #rollbackFor}, by class name, with the package or without. */
    String[] rollbackForClassName() default {};

    /** Exceptions in spite of which the transaction commits. */
    Class<? extends Throwable>[] noRollbackFor() default {};

    /** As {@link #noRollbackFor}, by class name, with the package or without. */
    String[] noRollbackForClassName() default {};

    /** What to do about a transaction that is already there. */
    Propagation propagation() default Propagation.REQUIRED;

    /**
     * Longest wait, in milliseconds, of a statement or a local commit for rows that other global transactions have changed;
     * 0 not to wait, -1 for {@code entente.at.lock-wait}. In a method that joins a transaction it counts for what that
     * method does.
     */
    int lockWaitMillis() default -1;

    /**
     * What queries without a lock see of other global transactions. As the lock wait, it counts for what this method does in
     * this process: a service that is called says for itself.
     */
    GlobalIsolation isolation() default GlobalIsolation.DEFAULT;
}
