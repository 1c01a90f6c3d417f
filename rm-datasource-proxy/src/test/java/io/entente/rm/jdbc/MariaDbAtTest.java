package io.entente.rm.jdbc;

import io.entente.testkit.database.TestDatabase;

class MariaDbAtTest extends AtCompatibilityTest {

    @Override
    TestDatabase.Kind kind() {
        return TestDatabase.Kind.MARIADB;
    }
}
