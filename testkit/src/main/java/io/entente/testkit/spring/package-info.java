/** The embedded coordinator for tests with a Spring application context. */
@NullMarked
package io.entente.testkit.spring;

import org.jspecify.annotations.NullMarked;
