/** Recognises what a statement does, without a database: which can take part in a global transaction, and why others cannot. */
@NullMarked
package io.entente.rm.sql;

import org.jspecify.annotations.NullMarked;
