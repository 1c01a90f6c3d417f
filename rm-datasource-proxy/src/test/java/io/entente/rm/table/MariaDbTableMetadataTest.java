package io.entente.rm.table;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.testkit.database.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MariaDbTableMetadataTest extends TableMetadataCompatibilityTest {

    @Override
    TestedDatabase start() throws SQLException {
        return new TestedDatabase(TestDatabase.Kind.MARIADB);
    }

    @Override
    String folded(String identifier) {
        return identifier;
    }

    @Override
    String createSchema(String name) {
        return "CREATE DATABASE " + name;
    }

    @Test
    void columns_the_database_fills_are_recognised() throws SQLException {
        execute(
                connection,
                "CREATE TABLE filled (id INT AUTO_INCREMENT PRIMARY KEY, twice INT GENERATED ALWAYS AS (plain * 2) STORED,"
                        + " thrice INT GENERATED ALWAYS AS (plain * 3) VIRTUAL,"
                        + " at DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,"
                        + " hidden INT INVISIBLE, plain INT DEFAULT 7, small TINYINT(1) UNSIGNED)");
        List<Column> columns = table("filled").columns();
        assertThat(columns)
                .extracting(Column::autoIncrement)
                .containsExactly(true, false, false, false, false, false, false);
        assertThat(columns)
                .extracting(Column::generated)
                .containsExactly(false, true, true, false, false, false, false);
        assertThat(columns)
                .extracting(Column::autoUpdated)
                .containsExactly(false, false, false, true, false, false, false);
        assertThat(columns)
                .extracting(Column::invisible)
                .containsExactly(false, false, false, false, true, false, false);
        assertThat(columns)
                .extracting(Column::typeName)
                .containsExactly("int", "int", "int", "datetime", "int", "int", "tinyint unsigned");
    }

    @Test
    void a_table_without_transactions_is_refused() throws SQLException {
        execute(connection, "CREATE TABLE loose (id INT PRIMARY KEY) ENGINE = Aria");
        assertThatThrownBy(() -> table("loose"))
                .isInstanceOf(TableNotUsableException.class)
                .hasMessageContaining("its engine Aria has no transactions")
                .hasMessageContaining("ENGINE = InnoDB");
    }

    @Test
    void a_float_key_is_refused() throws SQLException {
        execute(connection, "CREATE TABLE rounded (f FLOAT PRIMARY KEY)");
        assertThatThrownBy(() -> table("rounded")).hasMessageContaining("its key column f is a FLOAT");
    }

    @Test
    void another_database_means_another_table() throws SQLException {
        String other = "other" + System.nanoTime();
        execute(
                connection,
                "CREATE DATABASE " + other,
                "CREATE TABLE stock (a INT PRIMARY KEY)",
                "CREATE TABLE " + other + ".stock (b INT PRIMARY KEY)");
        assertThat(table("stock").keyColumns()).containsExactly("a");
        execute(connection, "USE " + other);
        assertThat(table("stock").keyColumns()).containsExactly("b");
    }
}
