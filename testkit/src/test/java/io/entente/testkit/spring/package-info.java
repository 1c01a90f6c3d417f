/** Tests of the embedded coordinator in an application context. */
@NullMarked
package io.entente.testkit.spring;

import org.jspecify.annotations.NullMarked;
