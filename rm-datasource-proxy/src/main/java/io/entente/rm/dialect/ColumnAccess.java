package io.entente.rm.dialect;

/**
 * How a column's values travel between the server and an image without loss.
 *
 * @param kind the Java value
 * @param expression what a select list has for the column, <code>{}</code> in place of its quoted name
 * @param valueExpression the same for a value that is going to be stored in the column, in place of <code>{}</code>
 * @param placeholder SQL of the parameter when an undo writes the value
 * @param keyPlaceholder SQL of the parameter when the value is compared with the column, in any session
 */
public record ColumnAccess(
        ValueKind kind, String expression, String valueExpression, String placeholder, String keyPlaceholder) {

    private static final String COLUMN = "{}";

    /** Read and written as it is. */
    static ColumnAccess plain(ValueKind kind) {
        return new ColumnAccess(kind, COLUMN, COLUMN, "?", "?");
    }

    /** Read through an expression, written as it is. */
    static ColumnAccess through(ValueKind kind, String expression) {
        return new ColumnAccess(kind, expression, expression, "?", "?");
    }

    /** Read through an expression that only the column itself can stand in, written as it is. */
    static ColumnAccess throughColumn(ValueKind kind, String expression) {
        return new ColumnAccess(kind, expression, COLUMN, "?", "?");
    }

    /** Read and written through expressions. */
    static ColumnAccess through(ValueKind kind, String expression, String placeholder) {
        return through(kind, expression, placeholder, placeholder);
    }

    /** Read, written and compared through expressions. */
    static ColumnAccess through(ValueKind kind, String expression, String placeholder, String keyPlaceholder) {
        return new ColumnAccess(kind, expression, expression, placeholder, keyPlaceholder);
    }

    /** Whether the column is read as it is. */
    public boolean plain() {
        return expression.equals(COLUMN);
    }

    /**
     * The select-list expression.
     *
     * @param column the quoted name, with a qualifier where one is needed
     */
    public String read(String column) {
        return expression.replace(COLUMN, column);
    }

    /** Whether a value that is going to be stored in the column reads as it is, so that it may hold parameters. */
    public boolean valuePlain() {
        return valueExpression.equals(COLUMN);
    }

    /** How a value that is going to be stored in the column will read from there. */
    public String readValue(String value) {
        return valueExpression.replace(COLUMN, value);
    }
}
