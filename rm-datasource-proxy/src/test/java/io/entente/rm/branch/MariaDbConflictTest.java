package io.entente.rm.branch;

import io.entente.testkit.database.TestDatabase;

class MariaDbConflictTest extends ConflictCompatibilityTest {

    MariaDbConflictTest() {
        super(TestDatabase.Kind.MARIADB);
    }
}
