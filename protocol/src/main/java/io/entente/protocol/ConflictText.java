package io.entente.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * What stopped a rollback, as it travels in the message of a branch rollback response: a text for people, and behind it,
 * on a line of its own, the rows for machines. Whoever knows nothing of the second part, as a coordinator of Seata, has a
 * readable message all the same; a message of a client that knows nothing of it is the readable part alone.
 *
 * <pre>
 * {"rows":[{"table":"public.stock","undoing":"UPDATE","key":"id=1","reason":"the row was changed …",
 *           "forcible":true,
 *           "columns":[{"column":"n","type":"int4","before":"10","after":"5","current":"77"}],"columnsLeftOut":0}],
 *  "rowsLeftOut":0}
 * </pre>
 *
 * <p>A row is {@code forcible} unless the database does not let its old state be written over what is there. Values are
 * texts, bytes in hexadecimal; null is a JSON null, which no text can be taken for.
 *
 * @param readable what happened
 * @param rows the rows in the way as JSON, empty when there are none to show
 */
public record ConflictText(String readable, String rows) {
    /** JSON has no line breaks inside its texts, so that the last such line is ours, whatever the readable part holds. */
    private static final String SEPARATOR = "\nentente.conflict=";

    private static final String UNFORCIBLE = "\"forcible\":false";

    /** More does not fit into the message of a response and would be cut off at its end. */
    public static final int MOST_CHARS = 10_000;

    /**
     * Whether a row is shown that cannot be forced, so that forcing the branch would stop at it again.
     *
     * @param rows the part for machines
     */
    public static boolean showsUnforcible(String rows) {
        return !unforcible(rows).isEmpty();
    }

    /**
     * The rows shown that cannot be forced, each as {@code table(key): reason}; empty when all can be.
     *
     * @param rows the part for machines
     */
    public static List<String> unforcible(String rows) {
        List<String> found = new ArrayList<>();
        int from = 0;
        // Quotes inside of texts are escaped, so that none of these can be part of a value.
        for (int at = rows.indexOf(UNFORCIBLE); at >= 0; at = rows.indexOf(UNFORCIBLE, from)) {
            String row = rows.substring(Math.max(from, rows.lastIndexOf("{\"table\":", at)), at);
            found.add(value(row, "table") + "(" + value(row, "key") + "): " + value(row, "reason"));
            from = at + UNFORCIBLE.length();
        }
        return found;
    }

    /** The text of a property; its escapes stay, as nobody but people reads it. */
    private static String value(String row, String property) {
        String name = "\"" + property + "\":\"";
        int start = row.indexOf(name);
        if (start < 0) {
            return "?";
        }
        start += name.length();
        int end = start;
        while (end < row.length() && row.charAt(end) != '"') {
            end += row.charAt(end) == '\\' ? 2 : 1;
        }
        return row.substring(start, Math.min(end, row.length()));
    }

    /** The message to send. */
    public String joined() {
        return readable + SEPARATOR + rows;
    }

    /** The two parts of a message received. */
    public static ConflictText of(String message) {
        int end = message.lastIndexOf(SEPARATOR);
        if (end < 0) {
            return new ConflictText(message, "");
        }
        String rows = message.substring(end + SEPARATOR.length());
        boolean whole = rows.startsWith("{") && rows.endsWith("}");
        return new ConflictText(message.substring(0, end), whole ? rows : "");
    }
}
