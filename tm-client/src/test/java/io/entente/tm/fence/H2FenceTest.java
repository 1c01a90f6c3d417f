package io.entente.tm.fence;

import io.entente.testkit.database.TestDatabase;

class H2FenceTest extends FenceCompatibilityTest {

    @Override
    TestDatabase.Kind kind() {
        return TestDatabase.Kind.H2;
    }
}
