package io.entente.rm.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one data source, cached and bounded.
 *
 * <p>Nothing expires by time. A stale entry is noticed where it matters: reading a row image compares the columns the
 * database sends with the cached ones ({@code StaleTableException}), the caller then asks for {@link #refresh} and
 * tries again. The cache's key holds the connection's current schema, so that one data source may serve several.
 *
 * <p>Thread-safe. The catalog is read outside the lock: two threads may read the same table twice, neither waits.
 */
public final class TableMetadata {

    private static final int CAPACITY = 4096;

    private final TableReader reader;
    private final Map<Key, Table> tables = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Table> eldest) {
            return size() > CAPACITY;
        }
    };

    /** Reads through the dialect of the data source. */
    public TableMetadata(TableReader reader) {
        this.reader = reader;
    }

    /**
     * The table that a statement on this connection means.
     *
     * @param schema the qualifier as the statement wrote it, quotes included; null when there is none
     * @param name the table as the statement wrote it, quotes included
     * @throws TableNotUsableException no such table, a view, or no usable key; the message holds the remedy
     */
    public Table table(Connection connection, @Nullable String schema, String name) throws SQLException {
        Key key = new Key(reader.scope(connection), schema, name);
        Table cached;
        synchronized (tables) {
            cached = tables.get(key);
        }
        return cached != null ? cached : load(connection, key);
    }

    /** As {@link #table}, but reads the catalog again whatever the cache holds. */
    public Table refresh(Connection connection, @Nullable String schema, String name) throws SQLException {
        return load(connection, new Key(reader.scope(connection), schema, name));
    }

    private Table load(Connection connection, Key key) throws SQLException {
        synchronized (tables) {
            tables.remove(key);
        }
        Table table = reader.read(connection, reader.resolve(connection, key.schema(), key.name()));
        synchronized (tables) {
            tables.put(key, table);
        }
        return table;
    }

    private record Key(String scope, @Nullable String schema, String name) {}
}
