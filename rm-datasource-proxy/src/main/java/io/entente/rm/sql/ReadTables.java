package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tables that a text reads, whatever else it does: behind FROM and JOIN, in queries at any depth. A name too many
 * does no harm, one too few would.
 */
final class ReadTables {

    private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "TABLE", "(");

    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE");

    /** Words that follow a list of tables and name none. */
    private static final Set<String> ENDS = Set.of("WHERE", "GROUP", "HAVING", "ORDER");

    /** Names of tables may be called so, unless a query follows. */
    private static final Set<String> SET_OPERATORS = Set.of("UNION", "INTERSECT", "EXCEPT", "MINUS");

    private static final Set<String> BEHIND_SET_OPERATORS = Set.of("ALL", "DISTINCT", "SELECT", "VALUES", "TABLE", "(");

    /** Look like functions, and are tables. */
    private static final Set<String> AROUND_TABLES = Set.of("ONLY", "CONTAINERS", "SHARDS");

    private static final String REMEDY =
            "name plain tables, joined without further syntax, or read them with SELECT … FOR UPDATE";

    private final SqlSyntax syntax;
    private final List<TableReference> tables = new ArrayList<>();
    private int queries;

    private ReadTables(SqlSyntax syntax) {
        this.syntax = syntax;
    }

    static Reads of(SqlSyntax syntax, String text) {
        List<ScannedSql> statements;
        try {
            statements = SqlScanner.scan(syntax, text).statements();
        } catch (UnreadableSqlException e) {
            return unknown(new Refused("the statement cannot be read: " + e.getMessage(), Remedies.REWRITE));
        }
        ReadTables found = new ReadTables(syntax);
        boolean onlyQueries = true;
        boolean derives = false;
        try {
            for (ScannedSql statement : statements) {
                String first = statement.token(0).upper();
                boolean query = QUERIES.contains(first);
                boolean change = CHANGES.contains(first) || (query && mentionsChange(statement));
                onlyQueries &= query && !change;
                if (query || change) {
                    int before = found.tables.size();
                    found.read(statement);
                    derives |= change && (found.tables.size() > before || takesFromOthers(statement));
                }
            }
        } catch (RefusalException e) {
            return unknown(e.refused());
        }
        boolean single = statements.size() == 1 && onlyQueries && found.tables.size() == 1 && found.queries == 1;
        return new Reads(found.tables, null, derives, single ? found.fixedColumns(statements.get(0)) : null);
    }

    private static Reads unknown(Refused problem) {
        return new Reads(List.of(), problem, true, null);
    }

    private static boolean mentionsChange(ScannedSql sql) {
        for (int i = 1; i < sql.size(); i++) {
            if (sql.is(i - 1, "(") && CHANGES.contains(sql.token(i).upper()) && !sql.is(i + 1, "(")) {
                return true;
            }
            if (sql.token(i).depth() == 0
                    && sql.is(i - 1, ")")
                    && CHANGES.contains(sql.token(i).upper())) {
                return true;
            }
        }
        return false;
    }

    /** {@code UPDATE a JOIN b}, {@code UPDATE … FROM b}, {@code DELETE … USING b}, {@code MERGE … USING b}. */
    private static boolean takesFromOthers(ScannedSql sql) {
        for (int i = 1; i < sql.size(); i++) {
            Token token = sql.token(i);
            if (!token.isWord() || sql.is(i - 1, ".")) {
                continue;
            }
            boolean values = sql.is(i + 1, "(") && sql.is(i + 2, "VALUES");
            boolean dual = sql.is(i + 1, "DUAL");
            if (token.is("JOIN") || token.is("STRAIGHT_JOIN") || (token.is("USING") && !values && !dual)) {
                return true;
            }
            boolean comparison = sql.is(i - 1, "DISTINCT");
            boolean ofDelete = sql.is(i - 1, "DELETE");
            boolean ofChange = sql.is(i + 2, "TABLE") && sql.is(i + 3, "(");
            if (token.is("FROM") && token.depth() == 0 && !comparison && !ofDelete && !ofChange) {
                return true;
            }
        }
        return sql.is(0, "UPDATE") && sql.find(",", 1, Math.max(1, sql.find("SET", 1))) >= 0;
    }

    private void read(ScannedSql sql) throws RefusalException {
        for (int i = 0; i < sql.size(); i++) {
            Token token = sql.token(i);
            if (!token.isWord() || sql.is(i - 1, ".")) {
                continue;
            }
            if (token.is("SELECT")) {
                queries++;
            } else if (token.is("TABLE") && sql.isName(i + 1) && !sql.is(i + 2, "(")) {
                // A query that is nothing but a table.
                queries += 2;
                tables.add(TableShape.read(sql, i + 1).reference());
            } else if (token.is("FROM") && beginsTables(sql, i)) {
                readList(sql.part(i + 1, endOfList(sql, i)));
            }
        }
    }

    /** {@code EXTRACT(YEAR FROM day)} has no SELECT before it, and {@code a IS DISTINCT FROM b} no table behind it. */
    private static boolean beginsTables(ScannedSql sql, int from) {
        if (sql.is(from - 1, "DISTINCT") && (sql.is(from - 2, "IS") || sql.is(from - 2, "NOT"))) {
            return false;
        }
        int depth = sql.token(from).depth();
        for (int i = from - 1; i >= 0 && sql.token(i).depth() >= depth; i--) {
            if (sql.token(i).depth() == depth && sql.is(i, "SELECT")) {
                return true;
            }
        }
        return false;
    }

    private int endOfList(ScannedSql sql, int from) {
        int depth = sql.token(from).depth();
        for (int i = from + 1; i < sql.size(); i++) {
            Token token = sql.token(i);
            if (token.depth() < depth) {
                return i;
            }
            if (token.depth() == depth && token.isWord() && !sql.is(i - 1, ".") && endsList(sql, i)) {
                return i;
            }
        }
        return sql.size();
    }

    private boolean endsList(ScannedSql sql, int at) {
        String word = sql.token(at).upper();
        boolean operator = SET_OPERATORS.contains(word)
                && at + 1 < sql.size()
                && BEHIND_SET_OPERATORS.contains(sql.token(at + 1).upper());
        return operator || ENDS.contains(word) || (word.equals("LIMIT") && syntax != SqlSyntax.ORACLE);
    }

    private void readList(ScannedSql sql) throws RefusalException {
        boolean factor = true;
        for (int i = 0; i < sql.size(); i++) {
            if (factor) {
                i = readFactor(sql, sql.is(i, "LATERAL") ? i + 1 : i) - 1;
                factor = false;
            } else if (sql.token(i).depth() == 0) {
                factor = sql.is(i, ",")
                        || sql.is(i, "STRAIGHT_JOIN")
                        || (sql.is(i, "JOIN") && !sql.is(i - 1, "FOR"))
                        || sql.is(i, "APPLY");
            }
        }
    }

    /** Index behind it. */
    private int readFactor(ScannedSql sql, int at) throws RefusalException {
        if (sql.is(at, "(")) {
            int end = sql.afterGroup(at);
            boolean query = at + 1 < end && QUERIES.contains(sql.token(at + 1).upper()) && !sql.is(at + 1, "(");
            if (!query) {
                readList(sql.part(at + 1, end - 1));
            }
            // The tables of a query in it are found by its own FROM.
            return end;
        }
        int name = at;
        while (sql.isName(name) && sql.is(name + 1, ".") && sql.isName(name + 2)) {
            name += 2;
        }
        if (sql.isName(name) && sql.is(name + 1, "(")) {
            if (AROUND_TABLES.contains(sql.token(name).upper())) {
                throw new RefusalException("its tables cannot be read at '" + sql.excerpt(at) + "'", REMEDY);
            }
            return sql.afterGroup(name + 1);
        }
        if (sql.is(at + 1, "TABLE") && sql.is(at + 2, "(")) {
            // H2's FINAL TABLE (INSERT …).
            return sql.afterGroup(at + 2);
        }
        if (sql.is(at, "ROWS") && sql.is(at + 1, "FROM")) {
            return at + 2;
        }
        TableShape table = TableShape.read(sql, at);
        tables.add(table.reference());
        return table.next();
    }

    /** The columns that the condition of the only query holds to values. */
    private @Nullable List<RowSelection.Fixed> fixedColumns(ScannedSql sql) {
        if (!sql.is(0, "SELECT")) {
            return null;
        }
        int where = sql.find("WHERE", 1);
        if (where < 0) {
            return List.of();
        }
        int end = sql.size();
        for (String word :
                List.of("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "WINDOW", "QUALIFY", "FOR")) {
            int found = sql.find(word, where, end);
            end = found < 0 ? end : found;
        }
        for (String word : List.of("UNION", "INTERSECT", "EXCEPT", "MINUS", "CONNECT", "START", "VALUES")) {
            if (sql.find(word, 1) >= 0) {
                return null;
            }
        }
        return Conditions.fixed(sql, where + 1, end);
    }
}
