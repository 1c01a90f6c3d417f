package io.entente.rm.branch;

import io.entente.testkit.database.TestDatabase;

class PostgreSqlConflictTest extends ConflictCompatibilityTest {

    PostgreSqlConflictTest() {
        super(TestDatabase.Kind.POSTGRESQL);
    }
}
