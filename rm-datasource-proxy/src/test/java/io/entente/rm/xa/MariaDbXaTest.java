package io.entente.rm.xa;

import io.entente.testkit.database.TestDatabase;

class MariaDbXaTest extends XaCompatibilityTest {

    MariaDbXaTest() {
        super(TestDatabase.Kind.MARIADB);
    }

    @Override
    boolean survivesFailedStatement() {
        return true;
    }

    @Override
    String waitingStatements() {
        return "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'";
    }
}
