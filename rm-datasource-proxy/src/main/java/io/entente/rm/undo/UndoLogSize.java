package io.entente.rm.undo;

import java.time.Duration;

/**
 * How much there is in an undo log.
 *
 * @param rows one for each branch that is neither committed nor rolled back yet
 * @param oldest age of the oldest one; zero when there is none
 */
public record UndoLogSize(long rows, Duration oldest) {}
