package io.entente.rm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What a session of MariaDB says of itself. */
class MySqlSessionTest {

    @Test
    void whoever_may_do_everything_is_not_warned_of_hidden_triggers() throws SQLException {
        try (Connection root = TestDatabase.of(TestDatabase.Kind.MARIADB)
                .newDatabase("privileges")
                .getConnection()) {
            assertThat(MySqlSession.hidesTriggers(root)).isFalse();
        }
    }
}
