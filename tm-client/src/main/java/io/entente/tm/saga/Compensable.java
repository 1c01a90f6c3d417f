package io.entente.tm.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a Spring bean a step of the global transaction it is called in: when that rolls back, another method
 * undoes what this one did. The caller's {@code @GlobalTransactional} is the saga. Outside of a global transaction the method
 * is an ordinary one.
 *
 * <pre>{@code
 * @Compensable(compensationMethod = "release")
 * public Car reserve(String city) { ... }
 *
 * public void release(String city, Car reserved) { ... }
 * }</pre>
 *
 * <p>The method runs outside of the global transaction: what it calls does not take part. Compensations run in the reverse
 * order of the steps, in any instance of the application, again and again until they succeed.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Compensable {

    /**
     * A method of the same class that undoes this one. Takes the same parameters, which are kept as JSON at the coordinator,
     * and if it likes the result as one more; that is null when it is not known how this method ended.
     */
    String compensationMethod();

    /** Name of the step at the coordinator: the same in all versions of the application. Default: class and method. */
    String name() default "";

    /**
     * Whether both methods run in a local transaction with a row of the fence, so that nothing is compensated that has not
     * taken effect, nothing twice, and nothing takes effect after its compensation. Without it the two methods see to that
     * themselves.
     */
    boolean fenced() default true;

    /** Name of the DataSource bean with the fence, where there are several. */
    String dataSource() default "";
}
