package io.entente.rm.jdbc;

import io.entente.testkit.database.TestDatabase;

class H2AtTest extends AtCompatibilityTest {

    @Override
    TestDatabase.Kind kind() {
        return TestDatabase.Kind.H2;
    }
}
