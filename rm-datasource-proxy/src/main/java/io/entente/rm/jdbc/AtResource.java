package io.entente.rm.jdbc;

import io.entente.rm.branch.BranchCoordinator;
import io.entente.rm.capture.Capturing;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.H2;
import io.entente.rm.dialect.MySql;
import io.entente.rm.dialect.Oracle;
import io.entente.rm.dialect.PostgreSql;
import io.entente.rm.dialect.SqlServer;
import io.entente.rm.sql.SqlRecognizer;
import io.entente.rm.sql.SqlSyntax;
import io.entente.rm.undo.UndoLog;
import java.time.Duration;

/** What all connections of one data source share. */
record AtResource(
        String id,
        SqlRecognizer recognizer,
        Capturing capturing,
        Scopes scopes,
        UndoLog undoLog,
        BranchCoordinator coordinator,
        Duration lockWait,
        WaitingTime time,
        ReadMarks marks) {

    static SqlSyntax syntax(Dialect dialect) {
        if (dialect instanceof MySql) {
            return SqlSyntax.MYSQL;
        }
        if (dialect instanceof PostgreSql) {
            return SqlSyntax.POSTGRESQL;
        }
        if (dialect instanceof H2) {
            return SqlSyntax.H2;
        }
        if (dialect instanceof Oracle) {
            return SqlSyntax.ORACLE;
        }
        if (dialect instanceof SqlServer) {
            return SqlSyntax.SQLSERVER;
        }
        throw new IllegalStateException(
                "No SQL syntax for " + dialect.getClass().getName());
    }
}
