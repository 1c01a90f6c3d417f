/** Databases with rows, local transactions and row locks. */
@NullMarked
package io.entente.simulation.database;

import org.jspecify.annotations.NullMarked;
