package io.entente.testkit.database;

import java.sql.SQLException;
import javax.sql.DataSource;

/** One running server and what is special about its kind. */
interface DatabaseServer {

    /** Leaves an empty database of this name, whatever was there before. */
    void recreate(String name) throws SQLException;

    DataSource dataSource(String name) throws SQLException;

    String jdbcUrl(String name);

    String user();

    String password();

    void stop() throws Exception;
}
