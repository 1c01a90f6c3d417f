package io.entente.protocol;

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

    /** More does not fit into the message of a response and would be cut off at its end. */
    public static final int MOST_CHARS = 10_000;

    /**
     * Whether a row is shown that cannot be forced, so that forcing the branch would stop at it again.
     *
     * @param rows the part for machines
     */
    public static boolean showsUnforcible(String rows) {
        // No text in it can hold this, as JSON escapes the quotes inside of texts.
        return rows.contains("\"forcible\":false");
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
