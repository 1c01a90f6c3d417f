/** The story itself and real processes under SIGKILL. */
@NullMarked
package io.entente.samples.story;

import org.jspecify.annotations.NullMarked;
