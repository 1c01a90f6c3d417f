package io.entente.simulation.invariant;

import io.entente.simulation.database.ModelDatabase;
import io.entente.tc.transaction.TransactionState;
import java.util.List;

/**
 * What is left in the end.
 *
 * @param total the money that there was in the beginning
 */
public record EndOfRun(TransactionState state, List<ModelDatabase> databases, long total) {}
