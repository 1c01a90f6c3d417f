package io.entente.rm.dialect;

/**
 * How a column's values travel between the server and an image without loss.
 *
 * @param kind the Java value
 * @param expression what a select list has for the column, <code>{}</code> in place of its quoted name
 * @param placeholder SQL of the parameter when an undo writes the value
 * @param keyPlaceholder SQL of the parameter when the value is compared with the column, in any session
 */
public record ColumnAccess(ValueKind kind, String expression, String placeholder, String keyPlaceholder) {

    private static final String COLUMN = "{}";

    /** Read and written as it is. */
    static ColumnAccess plain(ValueKind kind) {
        return new ColumnAccess(kind, COLUMN, "?", "?");
    }

    /** Read through an expression, written as it is. */
    static ColumnAccess through(ValueKind kind, String expression) {
        return new ColumnAccess(kind, expression, "?", "?");
    }

    /** Read and written through expressions. */
    static ColumnAccess through(ValueKind kind, String expression, String placeholder) {
        return new ColumnAccess(kind, expression, placeholder, placeholder);
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
}
