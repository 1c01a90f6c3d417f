package io.entente.rm.spring;

import io.entente.rm.dialect.UnsupportedDatabaseException;
import io.entente.rm.undo.UndoTableMissingException;
import java.io.Serial;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A DataSource bean cannot take part in global transactions, so the application does not start. */
public final class AtStartupException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String action;

    private AtStartupException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    static AtStartupException of(String beanName, SQLException e) {
        String exclude = "If it shall not take part in global transactions:\n\n    entente.at.exclude=" + beanName;
        if (e instanceof UndoTableMissingException) {
            return new AtStartupException(
                    "DataSource " + beanName + ": " + e.getMessage(),
                    "Run that script, or let Entente do it at start-up:\n\n    entente.at.create-undo-log-table=true\n\n"
                            + exclude,
                    e);
        }
        if (e instanceof UnsupportedDatabaseException) {
            return new AtStartupException("DataSource " + beanName + ": " + e.getMessage(), exclude, e);
        }
        return new AtStartupException(
                "DataSource " + beanName + " cannot be checked for global transactions: " + e.getMessage(),
                "Correct its connection settings, or start the database. " + exclude,
                e);
    }

    static AtStartupException routing(String beanName, DataSource target) {
        return new AtStartupException(
                "DataSource " + beanName + " routes to " + target + ", which does not take part in global transactions,"
                        + " because it is no bean of its own.",
                "Declare each target as a DataSource bean and pass these beans to " + beanName + ". If none shall take"
                        + " part in global transactions:\n\n    entente.at.exclude=" + beanName,
                null);
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
