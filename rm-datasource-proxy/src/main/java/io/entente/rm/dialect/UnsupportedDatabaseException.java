package io.entente.rm.dialect;

import java.io.Serial;
import java.sql.SQLFeatureNotSupportedException;

/** AT transactions do not work on this database. */
public final class UnsupportedDatabaseException extends SQLFeatureNotSupportedException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnsupportedDatabaseException(String product, String version) {
        super("AT transactions do not support the database " + product + " " + version
                + ". Supported are H2 2.x, MySQL, MariaDB, Oracle, PostgreSQL and SQL Server. Remedy: use TCC or XA for this data source,"
                + " or leave it out of global transactions.");
    }
}
