package io.entente.rm.roundtrip;

/**
 * A column of a random table.
 *
 * @param name as written, quotes included
 * @param clause what stands behind its type: NOT NULL, DEFAULT and so on
 * @param kind who gives it its values
 * @param unique whether a key or a unique constraint has it
 */
record ColumnSpec(String name, ColumnType type, String clause, Kind kind, boolean nullable, boolean unique) {

    /** Who gives a column its values. */
    enum Kind {
        /** The application. */
        PLAIN,
        /** The database, where the application does not. */
        DEFAULTED,
        /** The database, a number, where the application does not. */
        IDENTITY,
        /** The database, from other columns. */
        GENERATED
    }

    boolean isAssignable() {
        return kind == Kind.PLAIN || kind == Kind.DEFAULTED;
    }

    boolean is(ColumnType.Trait trait) {
        return type.is(trait);
    }

    /** A value that may be refused, but not often. */
    Value anyValue(Dice dice) {
        return dice.chance(nullable ? 15 : 1) ? Value.NULL : dice.pick(type.values());
    }

    String definition() {
        return name + " " + type.sql() + " " + clause;
    }
}
