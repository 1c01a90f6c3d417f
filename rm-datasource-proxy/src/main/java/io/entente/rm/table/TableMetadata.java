package io.entente.rm.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one data source, cached and bounded.
 *
 * <p>Stale columns are noticed where it matters: reading a row image compares what the database sends with what is
 * cached ({@code StaleTableException}), the caller then asks for {@link #refresh} and tries again. Nothing of that kind
 * tells of a new trigger or foreign key, so an entry is also read again when it is as old as the lifetime. The cache's key
 * holds the connection's current schema, so that one data source may serve several.
 *
 * <p>Thread-safe. The catalog is read outside the lock, and nobody waits for another's reading: who waits may hold locks of
 * the database that keep the other from reading. So a table that is not known yet may be read by several at once; one that is
 * known is read again by one, while the others go on with what is known ({@link CatalogAnswer}).
 */
public final class TableMetadata {

    private static final int CAPACITY = 4096;

    private final TableReader reader;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private final Map<Key, CatalogAnswer<TableDefinition>> tables = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, CatalogAnswer<TableDefinition>> eldest) {
            return size() > CAPACITY;
        }
    };

    private record Key(String scope, @Nullable String schema, String name) {}

    /**
     * @param reader the dialect of the data source
     * @param lifetime how long an answer is believed
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public TableMetadata(TableReader reader, Duration lifetime, LongSupplier nanoTime) {
        this.reader = reader;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * The table that a statement on this connection means. The same object is returned until the catalog is read again.
     *
     * @param scope the connection's {@link TableReader#scope}
     * @param schema the qualifier as the statement wrote it, quotes included; null when there is none
     * @param name the table as the statement wrote it, quotes included
     * @throws TableNotUsableException no such table, a view, or no usable key; the message holds the remedy
     */
    public TableDefinition table(Connection connection, String scope, @Nullable String schema, String name)
            throws SQLException {
        Key key = new Key(scope, schema, name);
        CatalogAnswer<TableDefinition> cached;
        synchronized (tables) {
            cached = tables.get(key);
        }
        if (cached != null && cached.isBelieved(nanoTime.getAsLong(), lifetimeNanos)) {
            return cached.said();
        }
        return load(connection, key);
    }

    /** As {@link #table}, but reads the catalog again whatever the cache holds. */
    public TableDefinition refresh(Connection connection, String scope, @Nullable String schema, String name)
            throws SQLException {
        return load(connection, new Key(scope, schema, name));
    }

    private TableDefinition load(Connection connection, Key key) throws SQLException {
        CatalogAnswer<TableDefinition> previous;
        synchronized (tables) {
            previous = tables.get(key);
        }
        long readAt = nanoTime.getAsLong();
        TableDefinition read;
        try {
            read = reader.define(connection, reader.resolve(connection, key.schema(), key.name()));
        } catch (SQLException | RuntimeException e) {
            synchronized (tables) {
                tables.remove(key);
            }
            throw e;
        }
        // Plans are made for the object: one that says the same stays.
        TableDefinition kept = previous != null && previous.said().equals(read) ? previous.said() : read;
        synchronized (tables) {
            tables.put(key, new CatalogAnswer<>(kept, readAt));
        }
        return kept;
    }
}
