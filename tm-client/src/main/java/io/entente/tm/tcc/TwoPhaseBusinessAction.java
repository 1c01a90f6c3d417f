package io.entente.tm.tcc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a Spring bean, or of an interface that a bean implements, the try of a TCC action. The methods that
 * confirm and cancel it are on the same bean and take exactly the same parameters:
 *
 * <pre>{@code
 * @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
 * @Transactional
 * public Receipt freeze(String account, BigDecimal amount) { ... }
 *
 * @Transactional
 * public void settle(String account, BigDecimal amount) { ... }
 *
 * @Transactional
 * public void release(String account, BigDecimal amount) { ... }
 * }</pre>
 *
 * <p>The try runs inside a global transaction and at once; when it throws, the global transaction rolls back. Later one
 * of the others is called, outside of any global transaction and by any instance of the application, and again, with
 * growing pauses, until it returns normally; a boolean {@code false} counts as a failure. The arguments are kept at the
 * coordinator as JSON in between. {@link TccBranch#current()} tells the three calls which branch they are for.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface TwoPhaseBusinessAction {

    /** Name of the action, the same in all instances of the application and unique in it; not blank, without comma. */
    String name();

    /** Name of the method that makes the try final when the global transaction commits. */
    String commitMethod() default "commit";

    /** Name of the method that undoes the try when the global transaction rolls back. */
    String rollbackMethod() default "rollback";

    /**
     * Whether the fence sees to it that confirm and cancel take effect at most once, that a cancel without a try does
     * nothing, and that no try comes after its cancel. It needs a row in the table {@code tcc_fence_log} per branch,
     * written in the same local transaction as the statements of the three methods. Without it all of that is for the
     * three methods to see to.
     */
    boolean useTCCFence() default true;

    /**
     * Name of the DataSource bean whose local transactions the three methods use, where there are several; empty for
     * {@code entente.tcc.fence.data-source}, or else the only or primary one.
     */
    String dataSource() default "";
}
