/** Sagas: steps with compensations, run in order and undone in reverse, or carried on to the end from a pivot. */
@NullMarked
package io.entente.tm.saga;

import org.jspecify.annotations.NullMarked;
