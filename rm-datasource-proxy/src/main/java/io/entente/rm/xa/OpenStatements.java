package io.entente.rm.xa;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statements of a connection that are not closed yet. Thread-safe. */
final class OpenStatements {

    private static final Logger log = LoggerFactory.getLogger(OpenStatements.class);
    private static final int FEW = 64;

    private final List<Statement> statements = new ArrayList<>();
    private int tidyFrom = FEW;

    synchronized void add(Statement statement) {
        if (statements.size() >= tidyFrom) {
            statements.removeIf(OpenStatements::isClosed);
            tidyFrom = Math.max(FEW, 2 * statements.size());
        }
        statements.add(statement);
    }

    private static boolean isClosed(Statement statement) {
        try {
            return statement.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** Ends the one that another thread may be waiting for; the others do not feel it. */
    void cancelAll() {
        for (Statement statement : taken(false)) {
            try {
                statement.cancel();
            } catch (SQLException | RuntimeException e) {
                log.debug("A statement could not be cancelled", e);
            }
        }
    }

    void closeAll() {
        for (Statement statement : taken(true)) {
            try {
                statement.close();
            } catch (SQLException | RuntimeException e) {
                log.debug("A statement could not be closed", e);
            }
        }
    }

    private synchronized List<Statement> taken(boolean away) {
        List<Statement> all = List.copyOf(statements);
        if (away) {
            statements.clear();
        }
        return all;
    }
}
