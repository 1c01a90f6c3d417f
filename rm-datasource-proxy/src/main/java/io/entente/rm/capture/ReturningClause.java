package io.entente.rm.capture;

import io.entente.rm.sql.Fragment;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * The clause of a statement.
     *
     * @param returning what the application has behind the word RETURNING; may be empty
     * @param statement the statement before it: where it calls a table OLD or NEW, that is what these words mean
     */
    static ReturningClause of(Fragment returning, String statement) {
        // With other names, the application's own use of OLD and NEW would be taken away from it.
        boolean oldIsFree = !returning.isEmpty() && !mayBeATable("old", statement);
        boolean newIsFree = !returning.isEmpty() && !mayBeATable("new", statement);
        String old = oldIsFree ? "old" : PostgreSqlWays.OLD;
        String now = newIsFree ? "new" : PostgreSqlWays.NEW;
        List<String> given = new ArrayList<>();
        Matcher own = OWN_NAMES.matcher(returning.sql());
        if (own.find()) {
            Matcher name = NAME.matcher(own.group(1));
            while (name.find()) {
                given.add(name.group());
                if (name.group(1).toLowerCase(Locale.ROOT).equals("old")) {
                    old = name.group(2);
                    oldIsFree = true;
                } else {
                    now = name.group(2);
                    newIsFree = true;
                }
            }
            Fragment list = new Fragment(
                    returning.sql().substring(own.end()), returning.firstParameter(), returning.parameters());
            return new ReturningClause(names(given, oldIsFree, newIsFree), old + ".", now + ".", list);
        }
        return new ReturningClause(names(given, oldIsFree, newIsFree), old + ".", now + ".", returning);
    }

    private static String names(List<String> given, boolean oldIsFree, boolean newIsFree) {
        List<String> all = new ArrayList<>(given);
        if (!oldIsFree) {
            all.add("OLD AS " + PostgreSqlWays.OLD);
        }
        if (!newIsFree) {
            all.add("NEW AS " + PostgreSqlWays.NEW);
        }
        return all.isEmpty() ? "" : "WITH (" + String.join(", ", all) + ")";
    }

    /** Whether the word stands where a table or an alias may stand; rather too often than too rarely. */
    private static boolean mayBeATable(String word, String statement) {
        return Pattern.compile(
                        "(?<![.\\w])(\"" + word + "\"|(?i:" + word + "))(?!\\w)(?!\\s*[.=<>+*/|])",
                        Pattern.UNICODE_CHARACTER_CLASS)
                .matcher(statement)
                .find();
    }
}
