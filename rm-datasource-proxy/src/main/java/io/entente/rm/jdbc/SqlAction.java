package io.entente.rm.jdbc;

import java.sql.SQLException;

/** Something done on a connection. */
@FunctionalInterface
interface SqlAction<T> {
    T run() throws SQLException;
}
