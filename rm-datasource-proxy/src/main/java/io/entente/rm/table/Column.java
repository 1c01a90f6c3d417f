package io.entente.rm.table;

/**
 * A column as the database's catalog describes it.
 *
 * @param name as the catalog spells it
 * @param jdbcType one of {@link java.sql.Types}; informative, the native type decides how a value is captured
 * @param typeName the native type, without length, as the dialect normalises it (a PostgreSQL domain shows its base
 *     type; MySQL's unsigned types end with {@code " unsigned"})
 * @param position 1-based place in the table
 * @param nullable whether NULL may be stored
 * @param autoIncrement filled by the database when an INSERT leaves it out: identity, serial, AUTO_INCREMENT
 * @param generated computed by the database from other columns; never written by an undo, never compared
 * @param autoUpdated changed by the database on each UPDATE that does not set it ({@code ON UPDATE CURRENT_TIMESTAMP});
 *     restored by an undo when it is part of the image, never compared
 * @param invisible left out of {@code SELECT *}
 */
public record Column(
        String name,
        int jdbcType,
        String typeName,
        int position,
        boolean nullable,
        boolean autoIncrement,
        boolean generated,
        boolean autoUpdated,
        boolean invisible) {

    /** Whether an outsider's change to this column counts: the database's own changes to it do not. */
    public boolean compared() {
        return !generated && !autoUpdated;
    }
}
