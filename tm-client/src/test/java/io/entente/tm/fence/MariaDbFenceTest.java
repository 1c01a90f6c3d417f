package io.entente.tm.fence;

import io.entente.testkit.database.TestDatabase;

class MariaDbFenceTest extends FenceCompatibilityTest {

    @Override
    TestDatabase.Kind kind() {
        return TestDatabase.Kind.MARIADB;
    }
}
