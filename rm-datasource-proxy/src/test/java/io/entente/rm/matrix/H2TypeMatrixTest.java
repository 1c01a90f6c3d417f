package io.entente.rm.matrix;

import io.entente.testkit.database.TestDatabase;

class H2TypeMatrixTest extends TypeMatrixTest {

    H2TypeMatrixTest() {
        super(TestDatabase.Kind.H2);
    }
}
