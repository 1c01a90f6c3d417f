package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Recognises statements of one kind of database and remembers the answers.
 *
 * <p>The rule is "refuse, never guess": a statement is a read only when it provably writes nothing, a change only when
 * both the scanner and the parser agree on its shape, and everything else is refused. Thread-safe.
 */
public final class SqlRecognizer {

    private static final int GENERATION_SIZE = 1024;

    /** Texts with thousands of literals are not worth the memory: they hardly come twice. */
    private static final int LONGEST_CACHED = 16_384;

    /** How statements begin that neither end the local transaction nor change the schema, whatever else they do. */
    private static final Set<String> ROWS_ONLY =
            Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "SELECT", "WITH", "VALUES", "TABLE");

    private final SqlSyntax syntax;

    // Two generations bound the cache without a lock on the way of a hit: when the young one is full it becomes the
    // old one, and what is still in use moves over from there.
    private volatile Map<String, RecognizedSql> young = new ConcurrentHashMap<>();
    private volatile Map<String, RecognizedSql> old = Map.of();

    public SqlRecognizer(SqlSyntax syntax) {
        this.syntax = syntax;
    }

    /** What the statement does. Never fails: what cannot be read is {@link Refused}. */
    public RecognizedSql recognize(String sql) {
        RecognizedSql known = young.get(sql);
        if (known != null) {
            return known;
        }
        known = old.get(sql);
        if (known == null) {
            known = analyze(sql);
        }
        remember(sql, known);
        return known;
    }

    private void remember(String sql, RecognizedSql recognized) {
        if (sql.length() > LONGEST_CACHED) {
            return;
        }
        Map<String, RecognizedSql> generation = young;
        generation.put(sql, recognized);
        if (generation.size() >= GENERATION_SIZE) {
            turnGeneration(generation);
        }
    }

    @SuppressWarnings("ReferenceEquality") // Of two threads that fill a generation, one turns it.
    private synchronized void turnGeneration(Map<String, RecognizedSql> full) {
        if (young == full) {
            old = full;
            young = new ConcurrentHashMap<>();
        }
    }

    /** How many statements are remembered. */
    int cached() {
        return young.size() + old.size();
    }

    private RecognizedSql analyze(String sql) {
        try {
            ScannedSql scanned = SqlScanner.scan(syntax, sql);
            requireOneStatement(scanned);
            RecognizedSql recognized = recognizeOne(scanned.withoutTrailingSemicolons());
            return recognized instanceof Refused refused && scanned.size() > 0
                    ? new Refused(
                            refused.reason(),
                            refused.remedy(),
                            ROWS_ONLY.contains(scanned.token(0).upper()))
                    : recognized;
        } catch (UnreadableSqlException e) {
            return new Refused("the statement cannot be read: " + e.getMessage(), Remedies.REWRITE);
        } catch (RefusalException e) {
            return e.refused();
        }
    }

    private RecognizedSql recognizeOne(ScannedSql sql) {
        try {
            return statement(sql);
        } catch (RefusalException e) {
            return e.refused();
        }
    }

    private static void requireOneStatement(ScannedSql scanned) throws RefusalException {
        boolean ended = false;
        for (Token token : scanned.tokens()) {
            if (token.is(";")) {
                ended = true;
            } else if (ended) {
                throw new RefusalException("the text holds several statements", "execute them one by one");
            }
        }
    }

    private RecognizedSql statement(ScannedSql sql) throws RefusalException {
        if (sql.size() == 0) {
            // The database's own error for an empty statement is the best answer.
            return new PlainRead();
        }
        String first = sql.token(0).upper();
        return switch (first) {
            case "INSERT" -> InsertShape.recognize(sql);
            case "UPDATE" -> UpdateShape.recognize(sql);
            case "DELETE" -> DeleteShape.recognize(sql);
            case "SELECT", "WITH", "VALUES", "TABLE", "(" -> ReadShape.recognize(sql);
            case "SHOW", "USE", "HELP" -> new PlainRead();
            case "EXPLAIN", "DESCRIBE", "DESC" -> explain(sql);
            case "SET", "RESET" -> SessionShape.recognize(syntax, sql);
            default -> other(first);
        };
    }

    private static RecognizedSql explain(ScannedSql sql) {
        for (Token token : sql.tokens()) {
            if (token.is("ANALYZE") || token.is("ANALYSE")) {
                return new Refused("EXPLAIN ANALYZE executes the statement it explains", "leave ANALYZE out");
            }
        }
        return new PlainRead();
    }

    private static Refused other(String first) {
        @Nullable
        String remedy = switch (first) {
            case "CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME", "COMMENT", "GRANT", "REVOKE" ->
                first.equals("TRUNCATE")
                        ? "use DELETE, or run it outside the global transaction"
                        : "change the schema outside the global transaction";
            case "MERGE", "REPLACE" -> "look the row up and then use INSERT or UPDATE";
            case "CALL", "EXEC", "EXECUTE", "DO", "DECLARE", "BEGIN", "{" ->
                "send the procedure's statements one by one, or call it outside the global transaction";
            case "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "START", "END", "ABORT" ->
                "use the methods of java.sql.Connection, so that the branch is committed with it";
            default -> null;
        };
        String what = first.isEmpty() ? "the statement" : first.equals("{") ? "a procedure call" : first;
        if (first.equals("COMMIT") || first.equals("ROLLBACK") || first.equals("START")) {
            return new Refused(what + " as a statement would end the local transaction unseen", Remedies.or(remedy));
        }
        return new Refused(what + " cannot be undone by a global rollback", Remedies.or(remedy));
    }
}
