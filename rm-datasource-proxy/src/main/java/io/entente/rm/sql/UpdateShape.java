package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Update;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code [WITH …] UPDATE t [[AS] a] SET … [FROM …] [WHERE …] [ORDER BY …] [LIMIT …] [RETURNING …]}. */
final class UpdateShape {

    private UpdateShape() {}

    /**
     * @param at index of the word UPDATE
     * @param with what stands before it
     */
    static Update recognize(SqlSyntax syntax, ScannedSql sql, int at, Fragment with) throws RefusalException {
        Conditions.requireNoNestedWrite(sql, at, sql.size());
        int tables = at + 1;
        Fragment top = Fragment.NONE;
        while (sql.is(tables, "LOW_PRIORITY") || sql.is(tables, "IGNORE")) {
            tables++;
        }
        String verb = sql.text(at, tables);
        if (sql.is(tables, "TOP")) {
            int end = Clauses.afterTop(sql, tables);
            top = sql.fragment(tables, end);
            tables = end;
        }
        int set = sql.find("SET", tables);
        if (set < 0) {
            throw new RefusalException(
                    "this form of UPDATE has no SET", "write UPDATE table SET column = value WHERE …");
        }
        if (sql.find("PORTION", tables, set) >= 0) {
            throw new RefusalException(
                    "UPDATE … FOR PORTION OF splits rows", "write UPDATE and INSERT statements for the parts");
        }
        Clauses clauses = Clauses.read(syntax, sql, set + 1).top(top);
        TableList named = TableList.read(sql, tables, set);
        TableList read = TableList.read(sql, clauses.tablesFrom(), clauses.tablesTo());
        if (named.tables().isEmpty()) {
            throw new RefusalException("this form of UPDATE names no table", "name the table behind UPDATE");
        }
        TableReference target =
                syntax == SqlSyntax.SQLSERVER ? resolved(named.tables().get(0), read) : null;
        List<TableReference> all = new ArrayList<>(target == null ? named.tables() : List.of(target));
        all.addAll(read.tables());
        Update update = new Update(
                with,
                verb,
                all.stream().distinct().toList(),
                sql.fragment(tables, set),
                AssignmentList.read(
                        syntax,
                        sql,
                        named.tables().size() == 1 ? all.get(0).shortName() : null,
                        set + 1,
                        clauses.valuesTo()),
                sql.fragment(set + 1, clauses.valuesTo()),
                sql.fragment(clauses.tablesFrom(), clauses.tablesTo()),
                clauses.rows().of(Conditions.isRepeatable(sql, tables, set)),
                named.tables().size() > 1 || named.derived() || clauses.tablesTo() > clauses.tablesFrom(),
                sql.fragment(0, clauses.statementTo()),
                clauses.returning(),
                sql.fragment(clauses.behindFrom(), sql.size()));
        ParsedSql.agreeOn(update, sql, at);
        return update;
    }

    /** SQL Server: the updated table may be called by the alias it gets in FROM. */
    private static @Nullable TableReference resolved(TableReference named, TableList from) {
        return named.schema() == null && named.alias() == null ? from.called(named.name()) : null;
    }
}
