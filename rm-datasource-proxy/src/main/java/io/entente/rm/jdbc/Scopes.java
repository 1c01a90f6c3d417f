package io.entente.rm.jdbc;

import io.entente.rm.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What unqualified table names mean on the connections of one data source.
 *
 * <p>Where asking costs a round trip, the first answer is believed for all of them, as long as nothing contradicts it:
 * there each captured row tells the table it is of. Thread-safe.
 */
final class Scopes {

    private final Dialect dialect;
    private volatile @Nullable String common;
    private volatile boolean differ;

    Scopes(Dialect dialect) {
        this.dialect = dialect;
    }

    /** @param changed whether the application has changed the connection's schema */
    String of(Connection connection, boolean changed) throws SQLException {
        if (changed || differ) {
            return dialect.scopeOfSession(connection);
        }
        if (!dialect.rowsTellTheirTable()) {
            return dialect.scope(connection);
        }
        String known = common;
        if (known == null) {
            known = dialect.scope(connection);
            common = known;
        }
        return known;
    }

    /** Asks this connection; when it says something else than others did, each is asked from now on. */
    String current(Connection connection) throws SQLException {
        String now = dialect.scopeOfSession(connection);
        if (!now.equals(dialect.rowsTellTheirTable() ? common : dialect.scope(connection))) {
            differ = true;
        }
        return now;
    }
}
