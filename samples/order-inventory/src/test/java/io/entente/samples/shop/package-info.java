/** The story itself and real processes under SIGKILL. */
@NullMarked
package io.entente.samples.shop;

import org.jspecify.annotations.NullMarked;
