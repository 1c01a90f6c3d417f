package io.entente.rm.jdbc;

import io.entente.testkit.database.TestDatabase;

class PostgreSqlAtTest extends AtCompatibilityTest {

    @Override
    TestDatabase.Kind kind() {
        return TestDatabase.Kind.POSTGRESQL;
    }
}
