package io.entente.benchmarks;

import java.util.List;

/**
 * What came of a round in which many clients took from one row.
 *
 * @param latencies nanoseconds of each transaction that was committed
 * @param failed transactions that could not have the row in time
 * @param nanos how long the round took
 */
record HotRowRound(List<Long> latencies, long failed, long nanos) {}
