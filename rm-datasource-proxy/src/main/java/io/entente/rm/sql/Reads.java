package io.entente.rm.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a text reads, for those who want to see only what is committed.
 *
 * @param tables those that its queries read from; may hold names of other things, never lacks a table
 * @param problem why that cannot be told; null when it can
 * @param derivesChanges whether a change in it takes rows or values from tables
 * @param only when it is one query of one table: the columns that its condition surely holds to one value each; null when
 *     it is something else
 */
public record Reads(
        List<TableReference> tables,
        RecognizedSql.@Nullable Refused problem,
        boolean derivesChanges,
        @Nullable List<RowSelection.Fixed> only) {

    public Reads {
        tables = List.copyOf(tables);
        only = only == null ? null : List.copyOf(only);
    }
}
