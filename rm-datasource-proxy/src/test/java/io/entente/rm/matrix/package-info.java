/** Every kind of statement and every type on every database: what is undone exactly and what is refused. */
@NullMarked
package io.entente.rm.matrix;

import org.jspecify.annotations.NullMarked;
