package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.CommonTable;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.rm.sql.RecognizedSql.Write;
import io.entente.rm.sql.RecognizedSql.WritingWith;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code WITH a AS (…), b AS (…)} in front of a query or of a change. */
final class WithShape {

    private WithShape() {}

    static RecognizedSql recognize(SqlSyntax syntax, ScannedSql sql) throws RefusalException {
        boolean recursive = sql.is(1, "RECURSIVE");
        int i = recursive ? 2 : 1;
        List<CommonTable> tables = new ArrayList<>();
        boolean writes = false;
        while (true) {
            int name = i;
            if (!sql.isName(name)) {
                throw unreadable(sql, name);
            }
            i++;
            Fragment columns = Fragment.NONE;
            if (sql.is(i, "(")) {
                columns = sql.fragment(i, sql.afterGroup(i));
                i = sql.afterGroup(i);
            }
            int as = i;
            while (i < sql.size() && !sql.is(i, "(")) {
                i++;
            }
            if (!sql.is(as, "AS") || i == sql.size()) {
                throw unreadable(sql, as);
            }
            int end = sql.afterGroup(i);
            @Nullable Write write = nestedWrite(syntax, sql, i + 1, end - 1);
            writes |= write != null;
            tables.add(new CommonTable(
                    sql.text(name, name + 1),
                    columns,
                    sql.text(as + 1, i),
                    write,
                    write == null ? List.of() : ReturnedItems.read(sql.part(i + 1, end - 1)),
                    sql.fragment(i + 1, end - 1)));
            i = end;
            if (sql.is(i, "SEARCH") || sql.is(i, "CYCLE")) {
                throw new RefusalException("WITH … " + sql.token(i).upper() + " is not supported", Remedies.REWRITE);
            }
            if (!sql.is(i, ",")) {
                break;
            }
            i++;
        }
        if (!writes) {
            return Conditions.startsWrite(sql, i)
                    ? readingOnly(syntax, sql, i, tables)
                    : ReadShape.recognize(syntax, sql);
        }
        return writing(syntax, sql, i, recursive, tables);
    }

    private static @Nullable Write nestedWrite(SqlSyntax syntax, ScannedSql sql, int from, int to)
            throws RefusalException {
        if (!Conditions.startsWrite(sql, from) && !sql.is(from, "WITH")) {
            return null;
        }
        RecognizedSql inner = SqlRecognizer.statement(syntax, sql.part(from, to));
        if (inner instanceof Write write) {
            return write;
        }
        if (inner instanceof Refused refused) {
            throw new RefusalException(refused.reason(), refused.remedy());
        }
        if (inner instanceof WritingWith) {
            throw new RefusalException("a WITH that writes stands inside another", "put all of it into one WITH");
        }
        return null;
    }

    private static RecognizedSql readingOnly(SqlSyntax syntax, ScannedSql sql, int at, List<CommonTable> tables)
            throws RefusalException {
        Write write = write(syntax, sql, at, sql.fragment(0, at));
        String target = targetName(write);
        for (CommonTable table : tables) {
            if (table.name().toUpperCase(Locale.ROOT).equals(target.toUpperCase(Locale.ROOT))) {
                throw new RefusalException(
                        "it changes " + target + ", which stands for a query", "change the table behind the query");
            }
        }
        return write;
    }

    private static String targetName(Write write) {
        if (write instanceof RecognizedSql.Insert insert) {
            return insert.table().qualifiedName();
        } else if (write instanceof RecognizedSql.Update update) {
            return update.table().qualifiedName();
        } else if (write instanceof RecognizedSql.Delete delete) {
            return delete.table().qualifiedName();
        } else if (write instanceof RecognizedSql.Merge merge) {
            return merge.table().qualifiedName();
        }
        return ((RecognizedSql.KeyedMerge) write).table().qualifiedName();
    }

    private static Write write(SqlSyntax syntax, ScannedSql sql, int at, Fragment with) throws RefusalException {
        return switch (sql.token(at).upper()) {
            case "INSERT", "REPLACE" -> InsertShape.recognize(syntax, sql, at);
            case "UPDATE" -> UpdateShape.recognize(syntax, sql, at, with);
            case "DELETE" -> DeleteShape.recognize(syntax, sql, at, with);
            case "MERGE" -> MergeShape.recognize(syntax, sql, at);
            default ->
                throw new RefusalException(
                        "WITH … " + sql.token(at).upper() + " cannot be undone by a global rollback", Remedies.REWRITE);
        };
    }

    private static RecognizedSql writing(
            SqlSyntax syntax, ScannedSql sql, int at, boolean recursive, List<CommonTable> tables)
            throws RefusalException {
        if (syntax != SqlSyntax.POSTGRESQL) {
            throw new RefusalException(
                    "WITH around a change is known to PostgreSQL only", "execute it as a statement of its own");
        }
        ScannedSql main = sql.part(at, sql.size());
        RecognizedSql recognized = SqlRecognizer.statement(syntax, main);
        @Nullable Write write = recognized instanceof Write change ? change : null;
        if (write != null || recognized instanceof RecognizedSql.PlainRead) {
            return new WritingWith(
                    recursive,
                    tables,
                    new CommonTable(
                            "",
                            Fragment.NONE,
                            "",
                            write,
                            write == null ? List.of() : ReturnedItems.read(main),
                            main.fragment(0, main.size())));
        }
        if (recognized instanceof Refused refused) {
            throw new RefusalException(refused.reason(), refused.remedy());
        }
        throw new RefusalException(
                "the statement behind its WITH is not supported", "lock, or write, with a statement of its own");
    }

    private static RefusalException unreadable(ScannedSql sql, int at) {
        return new RefusalException("its WITH cannot be read at '" + sql.excerpt(at) + "'", "write WITH name AS (…) …");
    }
}
