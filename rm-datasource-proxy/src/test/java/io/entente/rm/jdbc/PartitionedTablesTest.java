package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of partitioned tables are captured under the name of the whole, and go back to where they were. */
class PartitionedTablesTest {

    private static final String ROWS = "SELECT * FROM sale ORDER BY id, zone";

    private static AtDatabase partitioned(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind, "partitions");
        String table = "CREATE TABLE sale (id INT NOT NULL, zone INT NOT NULL, n INT, PRIMARY KEY (id, zone))";
        if (kind == Kind.POSTGRESQL) {
            db.run(
                    table + " PARTITION BY RANGE (zone)",
                    "CREATE TABLE sale_low PARTITION OF sale FOR VALUES FROM (0) TO (10)",
                    // Its columns lie in another order, as those of attached tables may.
                    "CREATE TABLE sale_high (n INT, zone INT NOT NULL, id INT NOT NULL)",
                    "ALTER TABLE sale ATTACH PARTITION sale_high FOR VALUES FROM (10) TO (100)");
        } else {
            db.run(table + " PARTITION BY RANGE (zone) (PARTITION sale_low VALUES LESS THAN (10),"
                    + " PARTITION sale_high VALUES LESS THAN (100))");
        }
        db.run("INSERT INTO sale VALUES (1, 1, 10), (2, 1, 20), (3, 50, 30)");
        return db;
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"POSTGRESQL", "MARIADB"})
    void rows_that_came_went_and_moved_between_partitions_are_put_back(Kind kind) throws SQLException {
        AtDatabase db = partitioned(kind);
        List<String> before = db.query(ROWS);
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement move = connection.prepareStatement("UPDATE sale SET zone = ? WHERE id = ?")) {
                statement.executeUpdate("UPDATE sale SET n = n + 1");
                statement.executeUpdate("INSERT INTO sale VALUES (4, 2, 40), (5, 60, 50)");
                statement.executeUpdate("DELETE FROM sale WHERE id = 2");
                move.setInt(1, 70);
                move.setInt(2, 1);
                assertThat(move.executeUpdate()).isEqualTo(1);
                move.setInt(1, 3);
                move.setInt(2, 3);
                assertThat(move.executeUpdate()).isEqualTo(1);
            }
        });
        assertThat(db.query(ROWS)).containsExactly("1|70|11", "3|3|31", "4|2|40", "5|60|50");
        db.rollBack();
        assertThat(db.query(ROWS)).isEqualTo(before);
    }

    /** Two names for one row would be two locks. */
    @Test
    void a_partition_is_not_written_by_its_own_name() throws SQLException {
        AtDatabase db = partitioned(Kind.POSTGRESQL);
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String sql : List.of(
                        "UPDATE sale_high SET n = 31 WHERE id = 3",
                        "DELETE FROM sale_high",
                        "INSERT INTO sale_low VALUES (9, 9, 9)",
                        "SELECT * FROM sale_high FOR UPDATE")) {
                    assertThatThrownBy(() -> statement.execute(sql))
                            .isInstanceOf(StatementRefusedException.class)
                            .hasMessageContaining("partition of sale")
                            .hasMessageContaining("Remedy: write to sale");
                }
                statement.executeUpdate("UPDATE sale SET n = 32 WHERE id = 3");
            }
        });
        assertThat(db.lockKeys()).containsExactly("sale:3_50");
        db.rollBack();
    }

    @Test
    void a_clause_that_names_a_partition_limits_what_is_captured() throws SQLException {
        AtDatabase db = partitioned(Kind.MARIADB);
        List<String> before = db.query(ROWS);
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO sale PARTITION (sale_low) VALUES (7, 7, 70)");
                assertThat(statement.executeUpdate("UPDATE sale PARTITION (sale_low) SET n = 0"))
                        .isEqualTo(3);
                assertThat(statement.executeUpdate("DELETE FROM sale PARTITION (sale_high) WHERE n > 0"))
                        .isEqualTo(1);
                statement.executeQuery("SELECT * FROM sale PARTITION (sale_low) FOR UPDATE");
            }
        });
        assertThat(db.query(ROWS)).containsExactly("1|1|0", "2|1|0", "7|7|0");
        db.rollBack();
        assertThat(db.query(ROWS)).isEqualTo(before);
    }
}
