/** Executes statements inside a global transaction and captures which rows they change, by each database's own means. */
@NullMarked
package io.entente.rm.capture;

import org.jspecify.annotations.NullMarked;
