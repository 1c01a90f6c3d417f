package io.entente.rm.table;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.dialect.ColumnNotCapturableException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.StaleTableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What table metadata must say on every database, each in a database of its own. */
abstract class TableMetadataCompatibilityTest {

    TestedDatabase server;
    Connection connection;
    Dialect dialect;
    TableMetadata metadata;
    final AtomicLong nanoTime = new AtomicLong();

    abstract TestedDatabase start() throws SQLException;

    /** The identifier as the catalog spells it when the DDL did not quote it. */
    abstract String folded(String identifier);

    /** DDL of a schema, or what this database has instead. */
    abstract String createSchema(String name);

    @BeforeEach
    void open() throws SQLException {
        server = start();
        connection = server.connect();
        dialect = Dialect.of(connection.getMetaData());
        metadata = new TableMetadata(dialect, Duration.ofMinutes(1), nanoTime::get);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    TableDefinition definition(@Nullable String schema, String name) throws SQLException {
        return metadata.table(connection, dialect.scopeOfSession(connection), schema, name);
    }

    Table table(String name) throws SQLException {
        return definition(null, name).table();
    }

    @Test
    void an_unquoted_name_is_found_as_the_database_folds_it() throws SQLException {
        execute(connection, "CREATE TABLE stock (id INT NOT NULL PRIMARY KEY, n INT)");
        Table table = table("stock");
        assertThat(table.name().name()).isEqualTo(folded("stock"));
        assertThat(table.name().lockName()).isEqualTo(folded("stock"));
        assertThat(table.keyColumns()).containsExactly(folded("id"));
        assertThat(table.columns()).extracting(Column::name).containsExactly(folded("id"), folded("n"));
        assertThat(table.columns()).extracting(Column::nullable).containsExactly(false, true);
        assertThat(table.column("N"))
                .isEqualTo(table.column(dialect.quote(folded("n"))))
                .isNotNull();
        assertThat(table.column("m")).isNull();
        assertThat(table(dialect.quote(folded("stock")))).isEqualTo(table);
    }

    @Test
    void a_quoted_name_is_taken_as_written() throws SQLException {
        String odd = dialect.quote("Odd \"`Table");
        execute(
                connection,
                "CREATE TABLE " + odd + " (" + dialect.quote("The Key") + " INT NOT NULL PRIMARY KEY, "
                        + dialect.quote("select") + " INT)",
                "INSERT INTO " + odd + " VALUES (1, 2)");
        Table table = table(odd);
        assertThat(table.name().name()).isEqualTo("Odd \"`Table");
        assertThat(table.keyColumns()).containsExactly("The Key");
        List<Row> rows = ImageReader.readByKeys(
                        connection, table, table.columns(), List.of(new Row(List.of(1L))), true, dialect)
                .rows();
        assertThat(rows).containsExactly(new Row(List.of(1L, 2L)));
    }

    @Test
    void a_qualified_name_is_found_in_its_schema() throws SQLException {
        String schema = "s" + System.nanoTime();
        execute(
                connection,
                createSchema(schema),
                "CREATE TABLE " + schema + ".stock (id INT NOT NULL PRIMARY KEY)",
                "CREATE TABLE stock (other INT NOT NULL PRIMARY KEY)");
        Table elsewhere = definition(schema, "stock").table();
        assertThat(elsewhere.keyColumns()).containsExactly(folded("id"));
        assertThat(dialect.qualifiedName(elsewhere.name()))
                .isEqualTo(dialect.quote(folded(schema)) + "." + dialect.quote(folded("stock")));
        assertThat(table("stock").keyColumns()).containsExactly(folded("other"));
        assertThat(elsewhere.name()).isNotEqualTo(table("stock").name());
    }

    @Test
    void a_composite_key_is_in_key_order() throws SQLException {
        execute(connection, "CREATE TABLE line (a INT NOT NULL, b INT NOT NULL, c INT, PRIMARY KEY (b, a))");
        assertThat(table("line").keyColumns()).containsExactly(folded("b"), folded("a"));
        assertThat(table("line").key()).extracting(Column::name).containsExactly(folded("b"), folded("a"));
    }

    @Test
    void without_a_primary_key_the_shortest_not_null_unique_key_serves() throws SQLException {
        execute(
                connection,
                "CREATE TABLE person (a INT NOT NULL, b INT NOT NULL, c INT, d INT NOT NULL,"
                        + " CONSTRAINT u1 UNIQUE (a, b), CONSTRAINT u2 UNIQUE (c), CONSTRAINT u3 UNIQUE (d))");
        assertThat(table("person").keyColumns()).containsExactly(folded("d"));
    }

    @Test
    void a_table_whose_rows_cannot_be_identified_is_refused_with_the_remedy() throws SQLException {
        execute(connection, "CREATE TABLE heap (a INT, b INT NOT NULL, CONSTRAINT heap_u UNIQUE (a))");
        assertThatThrownBy(() -> table("heap"))
                .isInstanceOf(TableNotUsableException.class)
                .hasMessageContaining(folded("heap"))
                .hasMessageContaining("Remedy: add a primary key");
        execute(connection, "ALTER TABLE heap ADD PRIMARY KEY (b)");
        assertThat(table("heap").keyColumns()).containsExactly(folded("b"));
    }

    @Test
    void a_view_and_a_missing_table_are_refused() throws SQLException {
        execute(
                connection,
                "CREATE TABLE base (id INT NOT NULL PRIMARY KEY)",
                "CREATE VIEW face AS SELECT * FROM base");
        assertThatThrownBy(() -> table("face"))
                .isInstanceOf(TableNotUsableException.class)
                .hasMessageContaining("Remedy: write to the tables behind it");
        assertThatThrownBy(() -> table("nowhere"))
                .isInstanceOf(TableNotUsableException.class)
                .hasMessageContaining("no such table");
    }

    @Test
    void an_altered_table_is_noticed_when_an_image_is_read() throws SQLException {
        execute(
                connection,
                "CREATE TABLE stock (id INT NOT NULL PRIMARY KEY, n INT, at TIMESTAMP NULL)",
                "INSERT INTO stock VALUES (1, 2, NULL)");
        List<Row> key = List.of(new Row(List.of(1L)));
        Table old = table("stock");

        execute(connection, "ALTER TABLE stock ADD COLUMN extra INT");
        assertThat(table("stock")).isEqualTo(old);
        assertThatThrownBy(() -> ImageReader.readByKeys(connection, old, old.columns(), key, false, dialect))
                .isInstanceOf(StaleTableException.class)
                .hasMessageContaining(folded("extra"));
        Table fresh = metadata.refresh(connection, dialect.scopeOfSession(connection), null, "stock")
                .table();
        assertThat(fresh.columns()).hasSize(4);
        assertThat(table("stock")).isEqualTo(fresh);
        assertThat(ImageReader.readByKeys(connection, fresh, fresh.columns(), key, false, dialect)
                        .rows())
                .hasSize(1);

        execute(connection, "ALTER TABLE stock DROP COLUMN n", "ALTER TABLE stock ADD COLUMN n DECIMAL(5, 2)");
        assertThatThrownBy(() -> ImageReader.readByKeys(
                        connection, fresh, fresh.columns().subList(0, 2), key, false, dialect))
                .isInstanceOf(StaleTableException.class)
                .hasMessageContaining("column " + folded("n"));
    }

    void assertNotCapturable(String type) throws SQLException {
        execute(connection, "CREATE TABLE strange (id INT NOT NULL PRIMARY KEY, what " + type + ")");
        Table table = table("strange");
        assertThatThrownBy(() -> ImageColumns.of(table, table.columns(), dialect))
                .isInstanceOf(ColumnNotCapturableException.class)
                .hasMessageContaining("column " + folded("what") + " of type")
                .hasMessageContaining("Remedy");
        assertThat(ImageColumns.of(table, table.key(), dialect).select("")).isEqualTo(dialect.quote(folded("id")));
    }
}
