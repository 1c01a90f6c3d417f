package io.entente.tc.lock;

/**
 * Names one table for all the world.
 *
 * @param resource the database, as its resource managers register it
 * @param table the table as lock keys name it
 */
public record TableKey(String resource, String table) {

    /** The table of a row. */
    public static TableKey of(RowKey row) {
        return new TableKey(row.resource(), row.table());
    }

    @Override
    public String toString() {
        return table + " of " + resource;
    }
}
