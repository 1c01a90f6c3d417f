package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.MergeActions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The actions of an Oracle MERGE: at most one {@code WHEN MATCHED THEN UPDATE} and one {@code WHEN NOT MATCHED THEN INSERT}. */
final class MergeActionsShape {

    private MergeActionsShape() {}

    /**
     * @param using index of the word USING
     * @param when index of the first action
     */
    static MergeActions read(ScannedSql sql, int using, int when) throws RefusalException {
        for (String clause : List.of("RETURNING", "LOG")) {
            if (sql.find(clause, when) >= 0) {
                throw new RefusalException(
                        "MERGE with " + clause + " is not supported", "leave it out, or use INSERT and UPDATE");
            }
        }
        Fragment matched = Fragment.NONE;
        int insert = -1;
        int insertTo = -1;
        for (int at = when; at >= 0; ) {
            int next = MergeShape.whenFrom(sql, at + 1);
            int end = next < 0 ? sql.size() : next;
            if (sql.is(at + 1, "NOT") && insert < 0) {
                insert = at;
                insertTo = end;
            } else if (!sql.is(at + 1, "NOT") && matched.isEmpty()) {
                matched = sql.fragment(at, end);
            } else {
                throw new RefusalException("a MERGE with several actions of one kind", "write several MERGEs");
            }
            at = next;
        }
        boolean repeatable = Conditions.isRepeatable(sql, using, when);
        return insert < 0
                ? new MergeActions(matched, Fragment.NONE, null, List.of(), Fragment.NONE, repeatable)
                : inserting(sql, matched, insert, insertTo, repeatable);
    }

    private static MergeActions inserting(ScannedSql sql, Fragment matched, int from, int to, boolean repeatable)
            throws RefusalException {
        int into = sql.find("INSERT", from, to);
        if (into < 0) {
            throw unreadable(sql, from);
        }
        @Nullable List<String> columns = null;
        int at = into + 1;
        if (sql.is(at, "(")) {
            InsertShape.Head head = InsertShape.head(sql, at);
            columns = head.columns();
            at = head.next();
        }
        if (!sql.is(at, "VALUES") || !sql.is(at + 1, "(")) {
            throw unreadable(sql, at);
        }
        int end = sql.afterGroup(at + 1);
        Fragment condition = Fragment.NONE;
        if (end < to) {
            if (!sql.is(end, "WHERE")) {
                throw unreadable(sql, end);
            }
            condition = sql.fragment(end + 1, to);
        }
        return new MergeActions(
                matched,
                sql.fragment(from, to),
                columns,
                values(sql, at + 2, end - 1),
                condition,
                repeatable && Conditions.isRepeatable(sql, from, to));
    }

    private static List<Fragment> values(ScannedSql sql, int from, int to) {
        List<Fragment> values = new ArrayList<>();
        int depth = sql.token(from - 1).depth() + 1;
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || (sql.is(i, ",") && sql.token(i).depth() == depth)) {
                values.add(sql.fragment(start, i));
                start = i + 1;
            }
        }
        return values;
    }

    private static RefusalException unreadable(ScannedSql sql, int at) {
        return new RefusalException(
                "its INSERT cannot be read at '" + sql.excerpt(at) + "'",
                "write WHEN NOT MATCHED THEN INSERT (…) VALUES (…)");
    }
}
