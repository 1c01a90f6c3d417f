package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.PlainRead;
import java.util.Set;

/** SET and RESET: harmless unless the database commits because of them. */
final class SessionShape {

    /** Everything else that H2 calls SET may commit the open transaction, and most of it is for administrators. */
    private static final Set<String> H2_WITHOUT_COMMIT =
            Set.of("SCHEMA", "SCHEMA_SEARCH_PATH", "LOCK_TIMEOUT", "QUERY_TIMEOUT", "TIME", "SESSION", "@", "THROTTLE");

    private static final Set<String> MYSQL_WITH_COMMIT = Set.of("PASSWORD", "STATEMENT", "DEFAULT");

    private static final Set<String> MYSQL_SHOWING_OTHERWISE = Set.of(
            "SQL_SELECT_LIMIT",
            "SYSTEM_VERSIONING_ASOF",
            "SYSTEM_VERSIONING_INSERT_HISTORY",
            "CHARACTER_SET_RESULTS",
            "CHARSET",
            "NAMES");

    private SessionShape() {}

    static RecognizedSql recognize(SqlSyntax syntax, ScannedSql sql) throws RefusalException {
        String what = sql.size() > 1 ? sql.token(1).upper() : "";
        boolean commits = switch (syntax) {
            case H2 -> !H2_WITHOUT_COMMIT.contains(what);
            // MariaDB's SET STATEMENT … FOR executes a statement.
            case MYSQL -> MYSQL_WITH_COMMIT.contains(what) || sql.mentions("AUTOCOMMIT");
            case SQLSERVER -> sql.tokens().stream().anyMatch(token -> token.is("IMPLICIT_TRANSACTIONS"));
            case POSTGRESQL, ORACLE -> false;
        };
        if (commits) {
            throw new RefusalException(
                    sql.text(0, Math.min(2, sql.size())) + " may commit the local transaction unseen",
                    "set it outside the global transaction, autocommit by Connection.setAutoCommit");
        }
        if (syntax == SqlSyntax.MYSQL && MYSQL_SHOWING_OTHERWISE.stream().anyMatch(sql::mentions)) {
            throw new RefusalException(
                    "it changes which rows, or which characters, the queries see that read the images",
                    "write LIMIT, FOR SYSTEM_TIME or CONVERT where it is meant, and leave the session as it is");
        }
        return new PlainRead();
    }
}
