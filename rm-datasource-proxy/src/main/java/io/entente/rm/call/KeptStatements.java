package io.entente.rm.call;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prepared statements of ours that live as long as the application has its connection, so that what it repeats prepares
 * nothing anew. Used by one thread at a time.
 */
public final class KeptStatements {

    /** An application repeats few; what comes on top are lists of keys of many lengths. */
    private static final int MOST = 16;

    /** The one that was used last is the last. */
    private final Map<String, PreparedStatement> bySql = new LinkedHashMap<>(MOST * 2, 0.75f, true);

    /** The statement kept for the text, free to be executed; prepared when there is none. */
    public PreparedStatement prepare(Connection connection, String sql, int type) throws SQLException {
        PreparedStatement kept = bySql.get(sql);
        if (kept != null && !kept.isClosed()) {
            return kept;
        }
        PreparedStatement prepared = connection.prepareStatement(sql, type, ResultSet.CONCUR_READ_ONLY);
        bySql.put(sql, prepared);
        if (bySql.size() > MOST) {
            var eldest = bySql.values().iterator();
            PreparedStatement unused = eldest.next();
            eldest.remove();
            unused.close();
        }
        return prepared;
    }

    /** The statement belongs to somebody else now, who reads its results and closes it. */
    @SuppressWarnings("ReferenceEquality") // The driver's statements have no equality of their own.
    public void giveAway(PreparedStatement statement) {
        bySql.values().removeIf(kept -> kept == statement);
    }

    /** Closes all of them. */
    public void close() throws SQLException {
        for (PreparedStatement statement : bySql.values()) {
            statement.close();
        }
        bySql.clear();
    }
}
