package io.entente.rm.branch;

import io.entente.testkit.database.TestDatabase;

class H2ConflictTest extends ConflictCompatibilityTest {

    H2ConflictTest() {
        super(TestDatabase.Kind.H2);
    }
}
