package io.entente.rm.table;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.testkit.database.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PostgreSqlTableMetadataTest extends TableMetadataCompatibilityTest {

    @Override
    TestedDatabase start() throws SQLException {
        return new TestedDatabase(TestDatabase.Kind.POSTGRESQL);
    }

    @Override
    String folded(String identifier) {
        return identifier.toLowerCase(Locale.ROOT);
    }

    @Override
    String createSchema(String name) {
        return "CREATE SCHEMA " + name;
    }

    @Test
    void columns_the_database_fills_are_recognised() throws SQLException {
        execute(
                connection,
                "CREATE DOMAIN amount AS numeric(10, 2)",
                "CREATE TABLE filled (id serial PRIMARY KEY, own int GENERATED ALWAYS AS IDENTITY,"
                        + " twice int GENERATED ALWAYS AS (plain * 2) STORED, plain int DEFAULT 7, price amount)");
        List<Column> columns = table("filled").columns();
        assertThat(columns).extracting(Column::autoIncrement).containsExactly(true, true, false, false, false);
        assertThat(columns).extracting(Column::generated).containsExactly(false, false, true, false, false);
        assertThat(columns).extracting(Column::typeName).containsExactly("int4", "int4", "int4", "int4", "numeric");
    }

    @Test
    void the_search_path_decides_which_table_is_meant() throws SQLException {
        execute(
                connection,
                "CREATE SCHEMA tenant_a",
                "CREATE SCHEMA tenant_b",
                "CREATE TABLE tenant_a.stock (id int PRIMARY KEY)",
                "CREATE TABLE tenant_b.stock (id int PRIMARY KEY)",
                "SET search_path = tenant_a, public");
        assertThat(table("stock").name().lockName()).isEqualTo("tenant_a.stock");
        execute(connection, "SET search_path = tenant_b, public");
        assertThat(table("stock").name().lockName()).isEqualTo("tenant_b.stock");
    }

    @Test
    void indexes_that_do_not_identify_every_row_are_no_keys() throws SQLException {
        execute(
                connection,
                "CREATE TABLE person (a int NOT NULL, b int NOT NULL, c int NOT NULL)",
                "CREATE UNIQUE INDEX partial ON person (a) WHERE b > 0",
                "CREATE UNIQUE INDEX expression ON person ((a + 1))");
        assertThatThrownBy(() -> table("person")).isInstanceOf(TableNotUsableException.class);
        execute(connection, "CREATE UNIQUE INDEX covering ON person (c) INCLUDE (a)");
        assertThat(table("person").keyColumns()).containsExactly("c");
    }

    @Test
    void partitioned_tables_are_usable_and_partitions_and_inherited_and_temporary_ones_are_not() throws SQLException {
        execute(
                connection,
                "CREATE TABLE parted (id int, r int, PRIMARY KEY (id, r)) PARTITION BY LIST (r)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "CREATE TABLE child () INHERITS (parent)",
                "CREATE TEMPORARY TABLE brief (id int PRIMARY KEY)");
        assertThat(table("parted").keyColumns()).containsExactly("id", "r");
        assertThatThrownBy(() -> table("parted_1")).hasMessageContaining("write to parted");
        assertThatThrownBy(() -> table("parent")).hasMessageContaining("other tables inherit from it");
        assertThatThrownBy(() -> table("brief")).hasMessageContaining("it is temporary");
    }
}
