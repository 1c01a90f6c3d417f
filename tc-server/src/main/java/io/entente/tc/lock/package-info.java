/** Pure: which rows are locked by which global transaction. No I/O, no clock, no threads. */
@NullMarked
package io.entente.tc.lock;

import org.jspecify.annotations.NullMarked;
