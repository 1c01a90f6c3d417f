package io.entente.tc.log;

/**
 * What a log found when it was opened.
 *
 * @param snapshotIndex the entry after which the snapshot was taken, 0 when there is none
 * @param lastIndex the newest entry, 0 when the log is empty
 * @param entries how many entries were handed over
 * @param discardedBytes size of an unfinished, never acknowledged write that was cut off at the end
 */
public record Recovery(long snapshotIndex, long lastIndex, long entries, long discardedBytes) {}
