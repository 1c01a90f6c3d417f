package io.entente.rm.dialect;

/**
 * How a column's values travel between the server and an image without loss.
 *
 * @param kind the Java value
 * @param readPrefix SQL before the quoted column in a select list, empty when the column is read as it is
 * @param readSuffix SQL after it
 * @param placeholder SQL of the parameter when an undo writes the value
 * @param keyPlaceholder SQL of the parameter when the value is compared with the column, in any session
 */
public record ColumnAccess(
        ValueKind kind, String readPrefix, String readSuffix, String placeholder, String keyPlaceholder) {

    /** Read and written as it is. */
    static ColumnAccess plain(ValueKind kind) {
        return new ColumnAccess(kind, "", "", "?", "?");
    }

    /** Read through an expression, written as it is. */
    static ColumnAccess through(ValueKind kind, String readPrefix, String readSuffix) {
        return new ColumnAccess(kind, readPrefix, readSuffix, "?", "?");
    }

    /** Read and written through expressions. */
    static ColumnAccess through(ValueKind kind, String readPrefix, String readSuffix, String placeholder) {
        return new ColumnAccess(kind, readPrefix, readSuffix, placeholder, placeholder);
    }

    /** Whether the column is read as it is. */
    public boolean plain() {
        return readPrefix.isEmpty() && readSuffix.isEmpty();
    }

    /** The select-list expression. */
    String read(String quotedColumn) {
        return readPrefix + quotedColumn + readSuffix;
    }
}
