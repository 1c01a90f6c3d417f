/** The story itself. */
@NullMarked
package io.entente.samples.journey;

import org.jspecify.annotations.NullMarked;
