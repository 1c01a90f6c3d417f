package io.entente.rm.matrix;

import io.entente.testkit.database.TestDatabase;

class PostgreSqlTypeMatrixTest extends TypeMatrixTest {

    PostgreSqlTypeMatrixTest() {
        super(TestDatabase.Kind.POSTGRESQL);
    }
}
