/** Crashes at every message. */
@NullMarked
package io.entente.crash;

import org.jspecify.annotations.NullMarked;
