package io.entente.rm.capture;

import io.entente.rm.sql.Fragment;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A RETURNING clause of PostgreSQL, with the names for old and new rows that it has or is given.
 *
 * @param names {@code WITH (OLD AS …, NEW AS …)}; empty where the version knows none
 * @param old what stands before a column of the old row, with its point
 * @param now what stands before a column of the new row, with its point
 * @param list the application's own items; empty without any
 */
record ReturningClause(String names, String old, String now, Fragment list) {

    private static final Pattern OWN_NAMES = Pattern.compile("^WITH\\s*\\(([^)]*)\\)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME =
            Pattern.compile("\\b(OLD|NEW)\\s+AS\\s+(\\w+|\"(?:[^\"]|\"\")+\")", Pattern.CASE_INSENSITIVE);

    /** What tells the table of the row. */
    String tableoid(boolean hasOld, boolean hasNew) {
        if (hasOld && hasNew) {
            return "coalesce(" + now + "tableoid, " + old + "tableoid)";
        }
        return (hasNew ? now : old) + "tableoid";
    }

    /** Before PostgreSQL 18: a column is the old one or the new one by the kind of statement. */
    static ReturningClause ofOneRow(Fragment returning, String target) {
        return new ReturningClause("", target + ".", target + ".", returning);
    }

    /** @param returning what the application has behind the word RETURNING; may be empty */
    static ReturningClause of(Fragment returning) {
        // With other names, the application's own use of OLD and NEW would be taken away from it.
        String old = returning.isEmpty() ? PostgreSqlWays.OLD : "old";
        String now = returning.isEmpty() ? PostgreSqlWays.NEW : "new";
        Matcher own = OWN_NAMES.matcher(returning.sql());
        if (own.find()) {
            Matcher name = NAME.matcher(own.group(1));
            while (name.find()) {
                if (name.group(1).toLowerCase(Locale.ROOT).equals("old")) {
                    old = name.group(2);
                } else {
                    now = name.group(2);
                }
            }
            Fragment list = new Fragment(
                    returning.sql().substring(own.end()), returning.firstParameter(), returning.parameters());
            return new ReturningClause(own.group().strip(), old + ".", now + ".", list);
        }
        String names = returning.isEmpty() ? "WITH (OLD AS " + old + ", NEW AS " + now + ")" : "";
        return new ReturningClause(names, old + ".", now + ".", returning);
    }
}
