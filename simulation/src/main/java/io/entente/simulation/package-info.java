/** One run of the coordinator with all that surrounds it, from one seed. */
@NullMarked
package io.entente.simulation;

import org.jspecify.annotations.NullMarked;
