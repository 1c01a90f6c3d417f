package io.entente.tc.log;

/**
 * Counters since the log was opened. Read without a lock, so they may be a batch apart from each other.
 *
 * @param entries entries made durable
 * @param bytes their size as stored
 * @param syncs waits for stable storage; {@code entries / syncs} is how well entries are grouped
 * @param syncNanos time spent writing and syncing, in nanoseconds
 * @param snapshots snapshots stored
 * @param durableIndex the newest durable entry
 */
public record LogStatistics(long entries, long bytes, long syncs, long syncNanos, long snapshots, long durableIndex) {}
