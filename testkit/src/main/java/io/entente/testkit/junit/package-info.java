/** The embedded coordinator for JUnit tests without Spring. */
@NullMarked
package io.entente.testkit.junit;

import org.jspecify.annotations.NullMarked;
