package io.entente.rm.matrix;

import io.entente.testkit.database.TestDatabase;

class MariaDbTypeMatrixTest extends TypeMatrixTest {

    MariaDbTypeMatrixTest() {
        super(TestDatabase.Kind.MARIADB);
    }
}
