package io.entente.rm.image;

import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.io.Serial;
import java.sql.SQLException;
import java.util.List;

/** The table changed since its metadata was cached: refresh the metadata and read the image again. */
public final class StaleTableException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final List<String> named;

    StaleTableException(Table table, List<String> expected, List<String> found) {
        super("Table " + table.name() + " was altered: the cached metadata has the columns " + expected
                + ", the database sends " + found + ".");
        this.named = List.of();
    }

    /** A statement names columns that the cached metadata does not have. */
    public StaleTableException(Table table, List<String> named) {
        super("The table " + table.name() + " does not have all of the columns " + named + ".");
        this.named = List.copyOf(named);
    }

    /** The database's rows have another number of columns. */
    public StaleTableException(Table table, String sent, int known) {
        super("Table " + table.name() + " was altered: the cached metadata has " + known
                + " columns, the database sends " + sent + ".");
        this.named = List.of();
    }

    StaleTableException(Table table, String database) {
        super("Table " + table.name() + " was meant, the database sends rows of its namesake in " + database + ".");
        this.named = List.of();
    }

    StaleTableException(Table table, Column column, String found) {
        super("Table " + table.name() + " was altered: in the cached metadata the column " + column.name()
                + " is of type " + column.typeName() + ", the database sends " + found + ".");
        this.named = List.of();
    }

    /** The columns that the statement names, as it wrote them; empty when it was not the statement that told. */
    public List<String> named() {
        return named;
    }
}
