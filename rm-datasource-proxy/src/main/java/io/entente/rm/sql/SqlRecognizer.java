package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.rm.sql.RecognizedSql.Script;
import io.entente.rm.sql.RecognizedSql.Uncaptured;
import io.entente.rm.table.Identifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recognises statements of one kind of database and remembers the answers.
 *
 * <p>The rule is "refuse, never guess": a statement is a read only when it provably writes nothing, a change only when
 * all of it was understood, and everything else is refused. Thread-safe.
 */
public final class SqlRecognizer {

    /** How statements begin that neither end the local transaction nor change the schema, whatever else they do. */
    private static final Set<String> ROWS_ONLY =
            Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "SELECT", "WITH", "VALUES", "TABLE");

    /** How statements begin that may write rows but surely end no local transaction. */
    private static final Set<String> CALLS = Set.of("CALL", "EXEC", "EXECUTE", "{", "DO", "BEGIN", "DECLARE");

    private static final Set<String> QUERIES =
            Set.of("SELECT", "VALUES", "TABLE", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "(");

    private final SqlSyntax syntax;

    private final RecentTexts<Recognition> recognized = new RecentTexts<>();
    private final RecentTexts<Reads> reads = new RecentTexts<>();

    public SqlRecognizer(SqlSyntax syntax) {
        this.syntax = syntax;
    }

    /** What the text does. Never fails: what cannot be read is {@link Refused}. */
    public Recognition recognize(String sql) {
        return recognized.get(sql, this::analyze);
    }

    /** What the text reads. Never fails: what cannot be told is a {@link Reads#problem}. */
    public Reads reads(String sql) {
        return reads.get(sql, text -> ReadTables.of(syntax, text));
    }

    /** How many statements are remembered. */
    int cached() {
        return recognized.size();
    }

    private Recognition analyze(String sql) {
        try {
            SqlScanner.Scanned scanned = SqlScanner.scan(syntax, sql);
            if (!scanned.directives().isEmpty() && scanned.statements().size() > 1) {
                return Recognition.of(
                        new Refused(
                                "it says in a comment how a statement is to be taken, and holds several",
                                "execute that statement by itself"),
                        false);
            }
            RecognizedSql recognized = scanned.directives().contains(Directive.UNCAPTURED)
                    ? uncaptured(scanned.statements())
                    : text(scanned.statements());
            boolean looked = !(recognized instanceof Uncaptured);
            return new Recognition(
                    recognized,
                    looked ? called(scanned.statements()) : Set.of(),
                    looked ? named(scanned.statements()) : Set.of(),
                    scanned.quotesAfterBackslashes(),
                    scanned.directives().contains(Directive.UNSEEN_EFFECTS),
                    SessionEffect.all(sql));
        } catch (UnreadableSqlException e) {
            return Recognition.of(
                    new Refused("the statement cannot be read: " + e.getMessage(), Remedies.REWRITE),
                    // It may be unreadable only as the defaults have it.
                    syntax.backslashesVary() && sql.contains("\\'"));
        }
    }

    /** What stands before a parenthesis, and what qualifies it; whether it is a function, the database knows. */
    private Set<String> called(List<ScannedSql> statements) {
        Set<String> called = new HashSet<>();
        for (ScannedSql statement : statements) {
            for (int i = 1; i < statement.size(); i++) {
                if (!statement.is(i, "(")) {
                    continue;
                }
                int first = i - 1;
                while (statement.is(first - 1, ".")) {
                    first -= 2;
                }
                if (holdsColumns(statement, first, i)) {
                    continue;
                }
                // What qualifies it may be a package of MariaDB's.
                int outermost = syntax == SqlSyntax.MYSQL ? Math.max(0, first) : i - 1;
                for (int name = i - 1; name >= outermost; name -= 2) {
                    Token.Kind kind = statement.token(name).kind();
                    if (kind == Token.Kind.WORD || kind == Token.Kind.QUOTED_NAME) {
                        String text =
                                Identifier.parse(statement.text(name, name + 1)).text();
                        called.add(text.toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        return Set.copyOf(called);
    }

    private static Set<String> named(List<ScannedSql> statements) {
        Set<String> named = new HashSet<>();
        for (ScannedSql statement : statements) {
            for (int i = 0; i < statement.size(); i++) {
                if (statement.isName(i)) {
                    named.add(Identifier.parse(statement.text(i, i + 1)).text().toLowerCase(Locale.ROOT));
                }
            }
        }
        return Set.copyOf(named);
    }

    /** Behind a table, an alias, the name of a query in WITH, and the INSERT of a MERGE. */
    private static boolean holdsColumns(ScannedSql sql, int name, int parenthesis) {
        if (sql.is(name - 1, "INTO") || sql.is(name - 1, "AS") || sql.is(name, "INSERT")) {
            return true;
        }
        int query = sql.afterGroup(parenthesis);
        if (query >= sql.size() || !sql.is(query, "AS")) {
            return false;
        }
        do {
            query++;
        } while (sql.is(query, "NOT") || sql.is(query, "MATERIALIZED"));
        // Behind a function in FROM there are names of columns instead.
        return sql.is(query, "(")
                && query + 1 < sql.size()
                && QUERIES.contains(sql.token(query + 1).upper());
    }

    /** The database itself must not be asked to end the local transaction behind our back, whoever says so. */
    private static RecognizedSql uncaptured(List<ScannedSql> statements) {
        boolean rowsOnly = true;
        for (ScannedSql statement : statements) {
            String first = statement.token(0).upper();
            rowsOnly &= ROWS_ONLY.contains(first) || CALLS.contains(first);
            if (isTransactionControl(statement)) {
                return refusedControl(first);
            }
        }
        return new Uncaptured(rowsOnly);
    }

    private RecognizedSql text(List<ScannedSql> statements) {
        if (statements.isEmpty()) {
            // The database's own error for an empty statement is the best answer.
            return new PlainRead();
        }
        if (statements.size() == 1) {
            return statement(syntax, statements.get(0));
        }
        if (syntax == SqlSyntax.SQLSERVER && sharesVariables(statements)) {
            return new Refused(
                    "its statements share variables, or SCOPE_IDENTITY, and would be executed one by one",
                    "use parameters, OUTPUT or getGeneratedKeys()");
        }
        List<Script.Part> parts = new ArrayList<>();
        boolean reads = true;
        int parameter = 1;
        for (ScannedSql part : statements) {
            RecognizedSql recognized = statement(syntax, part);
            if (recognized instanceof Refused refused) {
                return new Refused(refused.reason(), refused.remedy());
            }
            reads &= recognized instanceof PlainRead;
            int parameters = part.parameters(0, part.size());
            parts.add(new Script.Part(recognized, new Fragment(part.text(0, part.size()), parameter, parameters)));
            parameter += parameters;
        }
        return reads ? new PlainRead() : new Script(parts);
    }

    private static boolean sharesVariables(List<ScannedSql> statements) {
        return statements.stream()
                .flatMap(statement -> statement.tokens().stream())
                .anyMatch(token -> token.is("@") || token.is("SCOPE_IDENTITY"));
    }

    /** One statement; what cannot be read is {@link Refused}. */
    static RecognizedSql statement(SqlSyntax syntax, ScannedSql sql) {
        try {
            return recognizeOne(syntax, sql);
        } catch (RefusalException e) {
            Refused refused = e.refused();
            return new Refused(
                    refused.reason(),
                    refused.remedy(),
                    ROWS_ONLY.contains(sql.token(0).upper()));
        }
    }

    private static RecognizedSql recognizeOne(SqlSyntax syntax, ScannedSql sql) throws RefusalException {
        String first = sql.token(0).upper();
        if (syntax.semicolonsAreOptional()) {
            SingleStatement.require(sql);
        }
        return switch (first) {
            case "INSERT" -> InsertShape.recognize(syntax, sql, 0);
            case "REPLACE" -> replace(syntax, sql);
            case "UPDATE" -> UpdateShape.recognize(syntax, sql, 0, Fragment.NONE);
            case "DELETE" -> DeleteShape.recognize(syntax, sql, 0, Fragment.NONE);
            case "MERGE" -> MergeShape.recognize(syntax, sql, 0);
            case "WITH" -> WithShape.recognize(syntax, sql);
            case "SELECT", "VALUES", "TABLE", "(" -> ReadShape.recognize(syntax, sql);
            case "SHOW", "USE", "HELP" -> use(syntax, first);
            case "EXPLAIN", "DESCRIBE", "DESC" -> explain(sql);
            case "SET", "RESET" -> SessionShape.recognize(syntax, sql);
            default -> other(sql);
        };
    }

    private static RecognizedSql replace(SqlSyntax syntax, ScannedSql sql) throws RefusalException {
        // H2 knows it in its MySQL mode only, and says so itself otherwise.
        if (syntax != SqlSyntax.MYSQL && syntax != SqlSyntax.H2) {
            throw new RefusalException(
                    "REPLACE is known to MySQL and MariaDB only", "use INSERT … ON CONFLICT, or MERGE");
        }
        return InsertShape.recognize(syntax, sql, 0);
    }

    /** On SQL Server it would lead the rest of the local transaction into another database, and past its undo log. */
    private static RecognizedSql use(SqlSyntax syntax, String first) throws RefusalException {
        if (syntax == SqlSyntax.SQLSERVER && first.equals("USE")) {
            throw new RefusalException(
                    "USE changes the database in the middle of a local transaction",
                    "use a data source for each database");
        }
        return new PlainRead();
    }

    private static RecognizedSql explain(ScannedSql sql) {
        return sql.mentions("ANALYZE") || sql.mentions("ANALYSE")
                ? new Refused("EXPLAIN ANALYZE executes the statement it explains", "leave ANALYZE out")
                : new PlainRead();
    }

    private static boolean isTransactionControl(ScannedSql sql) {
        return switch (sql.token(0).upper()) {
            case "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "START", "END", "ABORT", "PREPARE" -> true;
            case "BEGIN" -> sql.size() <= 2 || sql.is(1, "TRANSACTION") || sql.is(1, "WORK");
            case "SET" -> sql.mentions("AUTOCOMMIT");
            default -> false;
        };
    }

    private static Refused refusedControl(String first) {
        return new Refused(
                first + " as a statement would end the local transaction unseen",
                "use the methods of java.sql.Connection, so that the branch is committed with it");
    }

    private static Refused other(ScannedSql sql) {
        String first = sql.token(0).upper();
        if (isTransactionControl(sql)) {
            return refusedControl(first);
        }
        @Nullable
        String remedy = switch (first) {
            case "CREATE", "ALTER", "DROP", "RENAME", "COMMENT", "GRANT", "REVOKE", "ANALYZE", "VACUUM" ->
                "change the schema outside the global transaction";
            case "TRUNCATE" -> "use DELETE, or " + Remedies.OUTSIDE;
            case "CALL", "EXEC", "EXECUTE", "DO", "DECLARE", "BEGIN", "{" ->
                "send the procedure's statements one by one, or " + Remedies.OUTSIDE;
            case "COPY", "LOAD" -> "insert the rows in batches, or " + Remedies.OUTSIDE;
            case "LOCK" -> "lock rows with SELECT … FOR UPDATE";
            default -> null;
        };
        String what = first.isEmpty() ? "the statement" : first.equals("{") ? "a procedure call" : first;
        return remedy == null && !first.isEmpty()
                ? new Refused(
                        "it is not known what a statement does that begins with " + first,
                        "check the spelling, or " + Remedies.OUTSIDE)
                : new Refused(what + " cannot be undone by a global rollback", Remedies.or(remedy));
    }
}
