/** A coordinator inside the test's own JVM: a test of global transactions needs no server. */
@NullMarked
package io.entente.testkit;

import org.jspecify.annotations.NullMarked;
