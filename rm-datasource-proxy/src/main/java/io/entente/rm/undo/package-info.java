/** The undo log: row images written with the local commit, and their way back into the tables on rollback. */
@NullMarked
package io.entente.rm.undo;

import org.jspecify.annotations.NullMarked;
