package io.entente.rm.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What may do something in one data source which no statement shows, see {@link TableReader#writers} and
 * {@link TableReader#readingFunctions}. Read when it is first asked for, and again after the lifetime. Thread-safe.
 */
public final class UserFunctions {

    private final Source source;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private volatile @Nullable CatalogAnswer<Writers> known;

    /** Reads their names. */
    @FunctionalInterface
    public interface Source {
        Writers names(Connection connection) throws SQLException;
    }

    /**
     * @param source asks the dialect of the data source
     * @param lifetime how long an answer is believed
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public UserFunctions(Source source, Duration lifetime, LongSupplier nanoTime) {
        this.source = source;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * One of these functions that may do so; null when there is none.
     *
     * @param called names in lower case, without schema and quotes
     * @param allowed names of which the application says that it is its own affair, written likewise
     */
    public @Nullable String among(Connection connection, Set<String> called, Set<String> allowed) throws SQLException {
        if (called.isEmpty()) {
            return null;
        }
        return common(called, names(connection).functions(), allowed);
    }

    /**
     * A view or table, of those whose reading may do so; null when there is none.
     *
     * @param named all names in the statement, in lower case, without quotes
     * @param allowed as for {@link #among}
     */
    public @Nullable String relationAmong(Connection connection, Set<String> named, Set<String> allowed)
            throws SQLException {
        return common(named, names(connection).relations(), allowed);
    }

    private static @Nullable String common(Set<String> used, Set<String> doubtful, Set<String> allowed) {
        if (doubtful.isEmpty()) {
            return null;
        }
        return used.stream()
                .filter(name -> doubtful.contains(name) && !allowed.contains(name))
                .findFirst()
                .orElse(null);
    }

    private Writers names(Connection connection) throws SQLException {
        CatalogAnswer<Writers> now = known;
        if (now != null && now.isBelieved(nanoTime.getAsLong(), lifetimeNanos)) {
            return now.said();
        }
        long readAt = nanoTime.getAsLong();
        try {
            now = new CatalogAnswer<>(source.names(connection), readAt);
        } catch (SQLException | RuntimeException e) {
            known = null;
            throw e;
        }
        known = now;
        return now.said();
    }
}
