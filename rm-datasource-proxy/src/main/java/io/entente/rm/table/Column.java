package io.entente.rm.table;

/**
 * A column as the database's catalog describes it.
 *
 * @param name as the catalog spells it
 * @param jdbcType one of {@link java.sql.Types}; informative, the native type decides how a value is captured
 * @param typeName the native type, without length, as the dialect normalises it (a PostgreSQL domain shows its base
 *     type; MySQL's unsigned types end with {@code " unsigned"})
 * @param size what a value may have at most, see {@link Size}
 * @param nullable whether NULL may be stored
 * @param autoIncrement filled by the database when an INSERT leaves it out: identity, serial, AUTO_INCREMENT
 * @param byDefault what another value than NULL it is filled with when an INSERT leaves it out
 * @param generated computed by the database from other columns; never written by an undo, never compared
 * @param autoUpdated changed by the database on each UPDATE that does not set it ({@code ON UPDATE CURRENT_TIMESTAMP});
 *     restored by an undo when it is part of the image, never compared
 * @param invisible left out of {@code SELECT *}
 * @param folding which different texts are the same value as a key
 */
public record Column(
        String name,
        int jdbcType,
        String typeName,
        Size size,
        boolean nullable,
        boolean autoIncrement,
        Preset byDefault,
        boolean generated,
        boolean autoUpdated,
        boolean invisible,
        Folding folding) {

    /**
     * How large a value may be.
     *
     * @param length characters of a text, digits of a number; 0 when unknown or without limit
     * @param scale digits behind the point, of seconds too
     */
    public record Size(int length, int scale) {
        /** Nothing is known. */
        public static final Size UNKNOWN = new Size(0, 0);
    }

    /** What an INSERT that leaves a column out fills it with. */
    public enum Preset {
        /** NULL, or nothing that is known: then the INSERT fails. */
        NONE,
        /** Always the same value. */
        CONSTANT,
        /** The value of an expression, or of what may be one. */
        COMPUTED
    }

    /** Which differences between the texts of two values do not matter to a unique index. */
    public enum Folding {
        /** All of them matter. */
        EXACT,
        /** Trailing blanks do not. */
        BLANKS,
        /** Trailing blanks, upper and lower case do not, and accents may not. */
        CASE,
        /** Zeros at the end of a number do not. */
        NUMBER
    }

    /** Whether an outsider's change to this column counts: the database's own changes to it do not. */
    public boolean compared() {
        return !generated && !autoUpdated;
    }
}
