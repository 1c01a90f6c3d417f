/** Nodes on which the real coordinator runs. */
@NullMarked
package io.entente.simulation.coordinator;

import org.jspecify.annotations.NullMarked;
