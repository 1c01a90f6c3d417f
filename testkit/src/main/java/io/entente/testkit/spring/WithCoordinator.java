package io.entente.testkit.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the application context of a test a coordinator of its own, inside the JVM:
 *
 * <pre>{@code
 * @SpringBootTest
 * @WithCoordinator
 * class PurchaseTest { ... }
 * }</pre>
 *
 * <p>The property {@code entente.server} leads to it, whatever is configured otherwise. It lives as long as the context,
 * and is a bean, so that a test can have an {@link io.entente.testkit.EmbeddedCoordinator} injected, to restart it or to
 * let time pass.
 *
 * <p>For tests without Spring there is {@link io.entente.testkit.junit.CoordinatorExtension}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
public @interface WithCoordinator {}
