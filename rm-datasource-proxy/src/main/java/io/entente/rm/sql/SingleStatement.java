package io.entente.rm.sql;

import java.util.Set;

/**
 * On SQL Server the next statement may begin without a semicolon, so that what looks like the end of a condition, or like a
 * query, may be one that writes. The words that begin statements are reserved there: unquoted they name nothing.
 */
final class SingleStatement {

    private static final Set<String> BEGINS = Set.of(
            "ALTER",
            "BACKUP",
            "BEGIN",
            "BULK",
            "CHECKPOINT",
            "CLOSE",
            "COMMIT",
            "CREATE",
            "DBCC",
            "DEALLOCATE",
            "DECLARE",
            "DELETE",
            "DENY",
            "DROP",
            "EXEC",
            "EXECUTE",
            "GRANT",
            "IF",
            "INSERT",
            "KILL",
            "MERGE",
            "OPEN",
            "PRINT",
            "RAISERROR",
            "RESTORE",
            "RETURN",
            "REVERT",
            "REVOKE",
            "ROLLBACK",
            "SAVE",
            "SET",
            "SHUTDOWN",
            "TRUNCATE",
            "UPDATE",
            "UPDATETEXT",
            "USE",
            "WAITFOR",
            "WHILE",
            "WRITETEXT");

    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

    private SingleStatement() {}

    /** @throws RefusalException another statement follows */
    static void require(ScannedSql sql) throws RefusalException {
        String verb = sql.token(0).upper();
        boolean assigned = false;
        for (int i = 1; i < sql.size(); i++) {
            Token token = sql.token(i);
            if (token.depth() != 0 || !token.isWord() || sql.is(i - 1, ".")) {
                continue;
            }
            String word = token.upper();
            if (verb.equals("WITH") && CHANGES.contains(word) && sql.is(i - 1, ")")) {
                verb = word;
            } else if (word.equals("SET") && verb.equals("UPDATE") && !assigned) {
                assigned = true;
            } else if (begins(sql, i, verb) || (word.equals("SELECT") && isBehindChange(verb))) {
                throw new RefusalException(
                        "another statement begins in it without a semicolon, at '" + sql.excerpt(i) + "'",
                        "put a semicolon in front of it, or execute it by itself");
            }
        }
    }

    private static boolean isBehindChange(String verb) {
        return verb.equals("UPDATE") || verb.equals("DELETE") || verb.equals("MERGE");
    }

    private static boolean begins(ScannedSql sql, int at, String verb) {
        String word = sql.token(at).upper();
        boolean joinHint = word.equals("MERGE") && (sql.is(at + 1, "JOIN") || sql.is(at + 1, "UNION"));
        boolean action = verb.equals("MERGE") && CHANGES.contains(word) && sql.is(at - 1, "THEN");
        boolean assignment = verb.equals("MERGE") && word.equals("SET") && sql.is(at - 1, "UPDATE");
        return BEGINS.contains(word) && !joinHint && !action && !assignment;
    }
}
