/** What must hold, whatever happens. */
@NullMarked
package io.entente.simulation.invariant;

import org.jspecify.annotations.NullMarked;
