package io.entente.tm;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method outside of global transactions, but not beside them: what it writes, or reads {@code FOR UPDATE}, by a data
 * source that takes part in AT waits for rows that a global transaction has changed and may still roll back. It takes no
 * global lock, writes no undo row, and is not rolled back by anybody.
 *
 * <p>Rows are asked for at the local commit, so the method needs its local transaction as ever; without one each statement
 * is by itself. What could not be undone in a global transaction is refused here as well, because its rows are not known.
 * In a global transaction the annotation changes nothing but the wait and the isolation: that has its rows anyway.
 *
 * <p>On a class, it is for each of its public methods; the annotation of the method wins over that of its class, also when
 * one is {@link GlobalTransactional} and the other is not.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface GlobalLock {

    /**
     * Longest wait, in milliseconds, of a statement or a local commit; 0 not to wait, -1 for {@code entente.at.lock-wait}.
     */
    int lockWaitMillis() default -1;

    /** What queries without a lock see of global transactions; by default what is committed locally. */
    GlobalIsolation isolation() default GlobalIsolation.DEFAULT;
}
