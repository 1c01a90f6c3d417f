/** A log that obeys the contract of a transaction log, and nothing more than that. */
@NullMarked
package io.entente.simulation.log;

import org.jspecify.annotations.NullMarked;
