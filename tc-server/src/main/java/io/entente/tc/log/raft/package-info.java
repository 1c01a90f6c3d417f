/**
 * The replicated log engine: several processes, each with a copy of the log and of the state it leads to, of which the one
 * they elect appends. Replication and elections are SOFAJRaft's; here is what makes of it a
 * {@link io.entente.tc.log.TransactionLog} for each leadership.
 *
 * <p>What the directory holds: {@code raft/log} (RocksDB), {@code raft/meta} (term and vote), {@code raft/snapshot}.
 */
@NullMarked
package io.entente.tc.log.raft;

import org.jspecify.annotations.NullMarked;
