/** Virtual time, chance, processes that crash, and the record of what happened. */
@NullMarked
package io.entente.simulation.world;

import org.jspecify.annotations.NullMarked;
