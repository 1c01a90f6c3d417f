package io.entente.tc.lock;

/**
 * Names one row for all the world.
 *
 * @param resource the database, as its resource managers register it
 * @param table the table as the database itself names it
 * @param key the row's key as text, escaped by the resource manager
 */
public record RowKey(String resource, String table, String key) {
    @Override
    public String toString() {
        return table + ":" + key + " of " + resource;
    }
}
