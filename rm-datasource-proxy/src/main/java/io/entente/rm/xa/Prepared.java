package io.entente.rm.xa;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.MySql;
import io.entente.rm.dialect.PostgreSql;

/** What becomes of a connection when its branch is prepared. */
enum Prepared {
    /** It is free: any connection resolves the branch. */
    FREES_CONNECTION,
    /** The branch stays with it; others can resolve the branch only once it is gone. */
    KEEPS_CONNECTION,
    /**
     * As before, and a driver that closes it politely rolls the branch back: it has to be left to the end of the process.
     */
    KEEPS_CONNECTION_OPEN;

    /** PostgreSQL answers with success, and has rolled back, when a statement of the branch had failed before. */
    boolean mayBeRefusedSilently() {
        return this == FREES_CONNECTION;
    }

    static Prepared in(Dialect dialect) {
        if (dialect instanceof PostgreSql) {
            return FREES_CONNECTION;
        }
        return dialect instanceof MySql ? KEEPS_CONNECTION : KEEPS_CONNECTION_OPEN;
    }
}
