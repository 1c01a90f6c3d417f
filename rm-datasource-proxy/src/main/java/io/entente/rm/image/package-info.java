/** Row images: the rows a statement touched, as they were before and after it, and the row locks they need. */
@NullMarked
package io.entente.rm.image;

import org.jspecify.annotations.NullMarked;
