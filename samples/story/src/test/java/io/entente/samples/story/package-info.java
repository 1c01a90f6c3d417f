/** Settings and the work directory of a story. */
@NullMarked
package io.entente.samples.story;

import org.jspecify.annotations.NullMarked;
