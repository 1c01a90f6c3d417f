/** Where bugs can be put into what surrounds the coordinator, to see that they are found. */
@NullMarked
package io.entente.simulation.seam;

import org.jspecify.annotations.NullMarked;
