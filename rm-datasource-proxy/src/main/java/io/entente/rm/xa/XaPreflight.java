package io.entente.rm.xa;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.MySql;
import io.entente.rm.dialect.Oracle;
import io.entente.rm.dialect.PostgreSql;
import io.entente.rm.dialect.SqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import javax.transaction.xa.XAException;

/** Finds out at start-up what would otherwise fail at the first prepare, or not before the first crash. */
final class XaPreflight {

    private XaPreflight() {}

    /** @throws XaNotPossibleException with the remedy */
    static void check(Dialect dialect, PhysicalConnection connection) throws SQLException {
        if (dialect instanceof Oracle || dialect instanceof SqlServer) {
            throw new XaNotPossibleException(
                    "XA mode is not written for Oracle and SQL Server: how their prepared branches live on and are found"
                            + " again was never seen. Use AT or TCC for this data source.",
                    null);
        }
        if (dialect instanceof PostgreSql) {
            requirePreparedTransactions(connection);
        }
        try {
            var unused = XaBranches.prepared(connection.xaResource());
        } catch (XAException e) {
            String remedy = dialect instanceof MySql
                    ? " With MySQL 8 its user needs the privilege XA_RECOVER_ADMIN: GRANT XA_RECOVER_ADMIN ON *.* TO …"
                    : "";
            throw new XaNotPossibleException(
                    "The database does not tell its prepared XA branches, so that none could be found again after a"
                            + " crash: " + XaFailures.describe(e) + "." + remedy,
                    e);
        }
    }

    /** @throws XaNotPossibleException the pool keeps connections that cannot do XA */
    static void check(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (!connection.isWrapperFor(PhysicalConnection.class)) {
                throw new XaNotPossibleException(
                        pool + " does not keep connections of an XaConnectionSource. Put one under it, as shown there.",
                        null);
            }
        }
    }

    private static void requirePreparedTransactions(PhysicalConnection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW max_prepared_transactions")) {
            rows.next();
            if (rows.getInt(1) == 0) {
                throw new XaNotPossibleException(
                        "PostgreSQL takes no prepared transactions: max_prepared_transactions is 0, its default. Set it"
                                + " in postgresql.conf to at least max_connections and restart the database, or use AT"
                                + " for this data source.",
                        null);
            }
        }
    }
}
