package io.entente.rm.call;

import java.io.Serial;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * The statement cannot take part in a global transaction, so it was not executed. The local transaction is as it was
 * before and goes on.
 */
public final class StatementRefusedException extends SQLFeatureNotSupportedException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_EXCERPT = 500;
    private static final String FEATURE_NOT_SUPPORTED = "0A000";

    private final String statement;
    private final String reason;
    private final String remedy;

    public StatementRefusedException(String sql, String reason, String remedy) {
        this("inside a global transaction", excerpt(sql), reason, remedy);
    }

    private StatementRefusedException(String where, String statement, String reason, String remedy) {
        super(
                "Refused " + where + ", nothing was executed: " + reason + ". Remedy: " + remedy + ". Statement: "
                        + statement,
                FEATURE_NOT_SUPPORTED);
        this.statement = statement;
        this.reason = reason;
        this.remedy = remedy;
    }

    /** The same for a statement that is in no global transaction, but must know its rows all the same. */
    public StatementRefusedException underGlobalLock() {
        StatementRefusedException same = new StatementRefusedException("under @GlobalLock", statement, reason, remedy);
        same.initCause(this);
        return same;
    }

    /** As {@link #StatementRefusedException(String, String, String)}, because of what is known of a table. */
    public StatementRefusedException(String sql, String reason, String remedy, SQLException cause) {
        this(sql, reason, remedy);
        initCause(cause);
    }

    /** Why it cannot be undone or locked; a sentence without its full stop. */
    public String reason() {
        return reason;
    }

    /** What to write instead; without a full stop. */
    public String remedy() {
        return remedy;
    }

    private static String excerpt(String sql) {
        return sql.length() <= LONGEST_EXCERPT ? sql : sql.substring(0, LONGEST_EXCERPT) + "…";
    }
}
