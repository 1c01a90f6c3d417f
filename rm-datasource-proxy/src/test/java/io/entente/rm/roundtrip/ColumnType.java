package io.entente.rm.roundtrip;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A type of the database, and values for it.
 *
 * @param sql as in CREATE TABLE
 * @param exact an expression that shows each bit of a column, whose name is {@code {}} in it
 */
record ColumnType(String sql, List<Value> values, Set<Trait> traits, String exact) {

    /** What can be done with it. */
    enum Trait {
        /** May be part of a key. */
        KEY,
        /** Has equality. */
        COMPARED,
        /** Can be counted up and down. */
        NUMBER,
        /** Can be appended to. */
        TEXT
    }

    static ColumnType of(String sql, List<Value> values, Trait... traits) {
        Set<Trait> set = EnumSet.noneOf(Trait.class);
        set.addAll(List.of(traits));
        if (set.contains(Trait.KEY) || set.contains(Trait.NUMBER)) {
            set.add(Trait.COMPARED);
        }
        return new ColumnType(sql, values, set, "{}");
    }

    ColumnType shown(String expression) {
        return new ColumnType(sql, values, traits, expression);
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }
}
