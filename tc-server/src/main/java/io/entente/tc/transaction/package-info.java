/**
 * Pure: what a global transaction is, and what each command does to it.
 *
 * <p>{@link io.entente.tc.transaction.Transactions#decide} looks at a command, the state and the time, and answers with
 * facts; {@link io.entente.tc.transaction.TransactionState#apply} is the only thing that changes the state, one fact at
 * a time. A restart applies the facts of the log again and arrives at the same state. There is no I/O, no clock, no
 * thread, no randomness and no logging in here.
 */
@NullMarked
package io.entente.tc.transaction;

import org.jspecify.annotations.NullMarked;
