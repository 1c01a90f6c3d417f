package io.entente.rm.table;

import java.io.Serial;
import java.sql.SQLException;

/** The table cannot take part in an AT transaction: it does not exist or its rows cannot be identified or undone. */
public final class TableNotUsableException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String remedy;
    private final boolean untouched;

    /**
     * Names what is wrong and what to do about it.
     *
     * @param table the table, as known so far
     * @param problem a sentence without its full stop
     * @param remedy a sentence without its full stop
     */
    public TableNotUsableException(String table, String problem, String remedy) {
        this(table, problem, remedy, false);
    }

    private TableNotUsableException(String table, String problem, String remedy, boolean untouched) {
        super("Table " + table + " cannot take part in a global transaction: " + problem + ". Remedy: " + remedy + ".");
        this.reason = "table " + table + " cannot take part, " + problem;
        this.remedy = remedy;
        this.untouched = untouched;
    }

    /** Of a table of which it is certain that no global transaction has changed a row, neither by another name. */
    public static TableNotUsableException ofUntouched(String table, String problem, String remedy) {
        return new TableNotUsableException(table, problem, remedy, true);
    }

    /** Whether it is certain that no global transaction has changed a row of it, neither by another name. */
    public boolean isUntouched() {
        return untouched;
    }

    /** What is wrong with which table; without a full stop. */
    public String reason() {
        return reason;
    }

    /** What to do about it; without a full stop. */
    public String remedy() {
        return remedy;
    }
}
