/** Tests of the embedded coordinator in tests without Spring. */
@NullMarked
package io.entente.testkit.junit;

import org.jspecify.annotations.NullMarked;
