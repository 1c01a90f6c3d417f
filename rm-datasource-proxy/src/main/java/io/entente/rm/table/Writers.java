package io.entente.rm.table;

import java.util.Set;

/**
 * What may do something, when a statement names it, that the statement does not show. All names are in lower case, without
 * schema.
 *
 * @param functions that users of the database have made
 * @param relations views that call such functions, directly or through other views, and tables that run something when
 *     they are read
 */
public record Writers(Set<String> functions, Set<String> relations) {

    /** None. */
    public static final Writers NONE = new Writers(Set.of(), Set.of());

    public Writers {
        functions = Set.copyOf(functions);
        relations = Set.copyOf(relations);
    }

    /** Functions alone. */
    public static Writers of(Set<String> functions) {
        return new Writers(functions, Set.of());
    }
}
