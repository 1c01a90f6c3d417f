package io.entente.rm.xa;

import io.entente.testkit.database.TestDatabase;

class PostgreSqlXaTest extends XaCompatibilityTest {

    PostgreSqlXaTest() {
        super(TestDatabase.Kind.POSTGRESQL);
    }

    @Override
    boolean survivesFailedStatement() {
        return false;
    }

    @Override
    String waitingStatements() {
        return "SELECT COUNT(*) FROM pg_locks WHERE NOT granted";
    }
}
