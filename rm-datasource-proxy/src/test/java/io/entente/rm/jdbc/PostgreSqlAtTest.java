package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.database.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class PostgreSqlAtTest extends AtCompatibilityTest {

    @Override
    TestDatabase.Kind kind() {
        return TestDatabase.Kind.POSTGRESQL;
    }

    /** The build runs this class on two versions, which are captured by different means. */
    @Test
    void the_server_is_of_the_version_that_the_build_says() throws SQLException {
        assertThat(db.query("SHOW server_version").get(0))
                .startsWith(System.getProperty("postgresql.major.expected", "18") + ".");
    }
}
