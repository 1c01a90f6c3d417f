package io.entente.tc.log.jdbc;

class PostgreSqlLogTest extends JdbcLogContract {

    PostgreSqlLogTest() {
        super(LogDatabase.POSTGRESQL);
    }
}
