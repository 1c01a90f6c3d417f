package io.entente.rm.sql;

import java.util.Set;

/** What must hold for a text that is executed twice: once by the application's statement, once to read the images. */
final class Conditions {

    private static final Set<String> DIFFERENT_EACH_TIME = Set.of(
            "RAND",
            "RANDOM",
            "SETSEED",
            "UUID",
            "RANDOM_UUID",
            "GEN_RANDOM_UUID",
            "UUID_GENERATE_V4",
            "UUIDV4",
            "UUIDV7",
            "NEXTVAL",
            "NEWID",
            "SYSDATE",
            "SYSTIMESTAMP",
            "SYS_GUID",
            "UUID_SHORT",
            "RANDOM_NORMAL",
            "CLOCK_TIMESTAMP",
            "STATEMENT_TIMESTAMP",
            "TIMEOFDAY",
            "SECURE_RAND",
            "LAST_INSERT_ID",
            "ROWNUM",
            "ROW_COUNT",
            "FOUND_ROWS");

    private static final Set<String> STATEMENT_STARTS =
            Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE", "CALL");

    private Conditions() {}

    /** @throws RefusalException the text may mean other rows when it is evaluated again */
    static void requireRepeatable(ScannedSql sql, int from, int to) throws RefusalException {
        for (int i = from; i < to; i++) {
            Token token = sql.token(i);
            if (token.kind() == Token.Kind.WORD && DIFFERENT_EACH_TIME.contains(token.upper())) {
                throw new RefusalException(
                        "its condition uses " + token.upper() + ", which chooses other rows each time it is evaluated",
                        Remedies.BY_KEY);
            }
            if (token.is(":") && sql.is(i + 1, "=") && sql.token(i + 1).start() == token.end()) {
                throw new RefusalException("its condition assigns a variable", Remedies.BY_KEY);
            }
        }
    }

    /** @throws RefusalException a statement that writes begins inside parentheses */
    static void requireNoNestedWrite(ScannedSql sql) throws RefusalException {
        for (int i = 1; i < sql.size(); i++) {
            Token token = sql.token(i);
            if (!sql.is(i - 1, "(") || token.kind() != Token.Kind.WORD || !STATEMENT_STARTS.contains(token.upper())) {
                continue;
            }
            // REPLACE(text, …) is a function where the statement has INTO or a table's name.
            boolean function = sql.is(i + 1, "(");
            if (!function) {
                throw new RefusalException(
                        "a nested " + token.upper() + " writes", "execute it as a statement of its own");
            }
        }
    }

    /** @throws RefusalException one of the words stands at depth 0 between the tokens */
    static void requireNone(ScannedSql sql, int from, int to, Set<String> words, String what) throws RefusalException {
        for (int i = from; i < to; i++) {
            Token token = sql.token(i);
            if (token.depth() != 0 || token.kind() != Token.Kind.WORD || !words.contains(token.upper())) {
                continue;
            }
            boolean comparison = token.is("FROM") && sql.is(i - 1, "DISTINCT");
            if (!comparison) {
                throw new RefusalException(
                        what + " with " + token.upper() + " is not supported", remedy(token.upper()));
            }
        }
    }

    private static String remedy(String word) {
        return switch (word) {
            case "RETURNING" ->
                "leave RETURNING out: use getGeneratedKeys(), or a SELECT in the same local transaction";
            case "FROM", "JOIN", "USING" -> "use a sub-select in WHERE instead of a second table";
            default -> Remedies.BY_KEY;
        };
    }
}
