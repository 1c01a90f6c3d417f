package io.entente.tc.log.jdbc;

class MariaDbLogTest extends JdbcLogContract {

    MariaDbLogTest() {
        super(LogDatabase.MARIADB);
    }
}
