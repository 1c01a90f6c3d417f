package io.entente.rm.call;

import java.sql.SQLException;

/** Something done on a connection. */
@FunctionalInterface
public interface SqlAction<T> {
    T run() throws SQLException;
}
