package io.entente.rm.xa;

import io.entente.testkit.database.TestDatabase;

class H2XaTest extends XaCompatibilityTest {

    H2XaTest() {
        super(TestDatabase.Kind.H2);
    }

    @Override
    boolean survivesFailedStatement() {
        return true;
    }

    @Override
    String waitingStatements() {
        return "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL";
    }
}
