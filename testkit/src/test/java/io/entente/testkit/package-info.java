/** Tests of the embedded coordinator. */
@NullMarked
package io.entente.testkit;

import org.jspecify.annotations.NullMarked;
