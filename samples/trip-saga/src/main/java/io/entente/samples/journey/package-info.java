/** The story of this sample, in five chapters, and what must hold after each of them. */
@NullMarked
package io.entente.samples.journey;

import org.jspecify.annotations.NullMarked;
