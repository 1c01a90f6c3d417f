package io.entente.rm.capture;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.sql.TableReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Names that the catalog does not have: the database is asked for them itself, so that a misspelled table or column fails as
 * it does without Entente, and frameworks know the failure.
 */
final class MissingNames {

    private final Connection real;
    private final Dialect dialect;

    MissingNames(Connection real, Dialect dialect) {
        this.real = real;
        this.dialect = dialect;
    }

    /**
     * Returns when the names are there.
     *
     * @param selected columns of the table, as a statement wrote them, or a constant
     * @param found what the catalog says; kept with the failure
     * @throws SQLException the database's own failure: there is no such table or column
     */
    void require(TableReference table, String selected, SQLException found) throws SQLException {
        try (Statement query = real.createStatement()) {
            query.execute("SELECT " + selected + " FROM " + table.qualifiedName() + " WHERE 1 = 0");
        } catch (SQLException failure) {
            if (dialect.hasNoSuchName(failure)) {
                failure.addSuppressed(found);
                throw failure;
            }
        }
    }
}
