package io.entente.rm.undo;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.matrix.ColumnCase;
import io.entente.rm.matrix.ColumnTypes;
import io.entente.testkit.database.TestDatabase;
import java.sql.SQLException;
import java.util.stream.Stream;

class H2UndoLogTest extends UndoLogCompatibilityTest {

    H2UndoLogTest() throws SQLException {
        super(new TestedDatabase(TestDatabase.Kind.H2));
    }

    @Override
    Stream<ColumnCase> columnCases() {
        return ColumnTypes.usual(TestDatabase.Kind.H2).stream();
    }

    @Override
    String seataShapedUndoLog() {
        return "CREATE TABLE undo_log (id BIGINT AUTO_INCREMENT PRIMARY KEY, branch_id BIGINT NOT NULL,"
                + " xid VARCHAR(100) NOT NULL, context VARCHAR(128) NOT NULL, rollback_info BLOB NOT NULL,"
                + " log_status INT NOT NULL, log_created TIMESTAMP NOT NULL, log_modified TIMESTAMP NOT NULL,"
                + " CONSTRAINT ux_undo_log UNIQUE (xid, branch_id))";
    }

    @Override
    String shortLockTimeout() {
        return "SET LOCK_TIMEOUT 100";
    }

    @Override
    String identityKey() {
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }

    @Override
    String generatedColumn() {
        return "GENERATED ALWAYS AS (net * 2)";
    }
}
