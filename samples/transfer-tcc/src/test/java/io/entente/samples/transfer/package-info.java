/** The story itself and real processes under SIGKILL. */
@NullMarked
package io.entente.samples.transfer;

import org.jspecify.annotations.NullMarked;
