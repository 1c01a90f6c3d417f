package io.entente.benchmarks;

import io.entente.testkit.database.TestDatabase;
import java.sql.SQLException;
import java.sql.Statement;

/** The table of Seata's undo rows. */
final class SeataUndoLog {

    private SeataUndoLog() {}

    /** @param kind PostgreSQL or MariaDB */
    static void create(Statement statement, TestDatabase.Kind kind) throws SQLException {
        boolean mariaDb = kind == TestDatabase.Kind.MARIADB;
        statement.execute("CREATE TABLE undo_log (id " + (mariaDb ? "BIGINT AUTO_INCREMENT" : "BIGSERIAL")
                + " PRIMARY KEY, branch_id BIGINT NOT NULL, xid VARCHAR(128) NOT NULL, context VARCHAR(128) NOT"
                + " NULL, rollback_info " + (mariaDb ? "LONGBLOB" : "BYTEA")
                + " NOT NULL, log_status INT NOT NULL, log_created TIMESTAMP NOT NULL, log_modified TIMESTAMP NOT"
                + " NULL, CONSTRAINT ux_undo_log UNIQUE (xid, branch_id))");
    }
}
