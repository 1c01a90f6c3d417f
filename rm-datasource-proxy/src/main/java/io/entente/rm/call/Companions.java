package io.entente.rm.call;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Prepared statements of ours that live as long as one of the application's, so that its repeated execution prepares
 * nothing anew. Used by one thread at a time.
 */
public final class Companions {

    /** One statement of the application needs few; what comes on top are lists of keys of many lengths. */
    private static final int MOST = 8;

    private final Map<String, PreparedStatement> bySql = new HashMap<>();

    /** The statement kept for the text; prepared when there is none. */
    public PreparedStatement prepare(Connection connection, String sql, int type) throws SQLException {
        PreparedStatement kept = bySql.get(sql);
        if (kept != null && !kept.isClosed()) {
            return kept;
        }
        if (bySql.size() >= MOST) {
            close();
        }
        PreparedStatement prepared = connection.prepareStatement(sql, type, java.sql.ResultSet.CONCUR_READ_ONLY);
        bySql.put(sql, prepared);
        return prepared;
    }

    /** Closes all of them. */
    public void close() throws SQLException {
        for (PreparedStatement statement : bySql.values()) {
            statement.close();
        }
        bySql.clear();
    }
}
