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
 * <p>Thread-safe. The catalog is read outside the lock: two threads may read the same table twice, neither waits.
 */
public final class TableMetadata {

    private static final int CAPACITY = 4096;

    private final TableReader reader;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private final Map<Key, Entry> tables = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Entry> eldest) {
            return size() > CAPACITY;
        }
    };

    private record Key(String scope, @Nullable String schema, String name) {}

    private record Entry(TableDefinition definition, long readAt) {}

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
        Entry cached;
        synchronized (tables) {
            cached = tables.get(key);
        }
        if (cached != null && nanoTime.getAsLong() - cached.readAt() < lifetimeNanos) {
            return cached.definition();
        }
        return load(connection, key);
    }

    /** As {@link #table}, but reads the catalog again whatever the cache holds. */
    public TableDefinition refresh(Connection connection, String scope, @Nullable String schema, String name)
            throws SQLException {
        return load(connection, new Key(scope, schema, name));
    }

    private TableDefinition load(Connection connection, Key key) throws SQLException {
        Entry previous;
        synchronized (tables) {
            previous = tables.remove(key);
        }
        long readAt = nanoTime.getAsLong();
        TableDefinition read = reader.define(connection, reader.resolve(connection, key.schema(), key.name()));
        // Plans are made for the object: one that says the same stays.
        TableDefinition kept = previous != null && previous.definition().equals(read) ? previous.definition() : read;
        synchronized (tables) {
            tables.put(key, new Entry(kept, readAt));
        }
        return kept;
    }
}
