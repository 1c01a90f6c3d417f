/** The story of this sample, in seven chapters, and what must hold after each of them. */
@NullMarked
package io.entente.samples.transfer;

import org.jspecify.annotations.NullMarked;
