package io.entente.rm.table;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a table in the database.
 *
 * @param table its name, columns and key
 * @param uniqueKeys every unique key there is, the one that identifies rows among them
 * @param triggers what runs when its rows change
 * @param referencing the foreign keys that refer to it
 * @param storageIds what the database's rows themselves say they belong to: on PostgreSQL the table's object id and those
 *     of its partitions; empty elsewhere
 * @param neverGiven columns that no INSERT can give a value, so that a deleted row cannot come back as it was: on Oracle
 *     those that are GENERATED ALWAYS AS IDENTITY
 * @param checks texts of all that restricts the values of single rows beside their types, CHECK constraints above all,
 *     with the names of the columns; among them what generated columns are computed as, after {@link #COMPUTED}; null when
 *     it is not known
 * @param hiddenCalls functions that may write and that the table itself calls
 */
public record TableDefinition(
        Table table,
        List<UniqueKey> uniqueKeys,
        List<Trigger> triggers,
        List<ReferencingKey> referencing,
        Set<Long> storageIds,
        Set<String> neverGiven,
        @Nullable List<String> checks,
        List<HiddenCall> hiddenCalls) {

    /** What stands before the expression of a generated column among the {@link #checks}. */
    public static final String COMPUTED = "computed: ";

    public TableDefinition {
        uniqueKeys = List.copyOf(uniqueKeys);
        triggers = List.copyOf(triggers);
        referencing = List.copyOf(referencing);
        storageIds = Set.copyOf(storageIds);
        neverGiven = Set.copyOf(neverGiven);
        checks = checks == null ? null : List.copyOf(checks);
        hiddenCalls = List.copyOf(hiddenCalls);
    }
}
