/** Random schemas and random statements: what was rolled back is gone to the last byte, what was committed is exact. */
@NullMarked
package io.entente.rm.roundtrip;

import org.jspecify.annotations.NullMarked;
