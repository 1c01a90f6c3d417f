package io.entente.rm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.table.Column;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialectTest {

    @Test
    void the_product_name_decides() throws SQLException {
        assertThat(Dialect.of(product("H2"))).isInstanceOf(H2.class);
        assertThat(Dialect.of(product("MySQL"))).isInstanceOf(MySql.class);
        assertThat(Dialect.of(product("MariaDB"))).isInstanceOf(MySql.class);
        assertThat(Dialect.of(product("PostgreSQL"))).isInstanceOf(PostgreSql.class);
        assertThat(Dialect.of(product("Oracle"))).isInstanceOf(Oracle.class);
        assertThat(Dialect.of(product("Microsoft SQL Server"))).isInstanceOf(SqlServer.class);
    }

    @Test
    void mariadb_is_known_by_its_version_whatever_the_driver_calls_it() throws SQLException {
        MySql throughMySqlsDriver = (MySql) Dialect.of(product("MySQL", "5.5.5-10.6.18-MariaDB-ubu2004"));
        assertThat(throughMySqlsDriver.isMariaDb()).isTrue();
        assertThat(throughMySqlsDriver.insertReturns()).isTrue();
        MySql old = (MySql) Dialect.of(product("MariaDB", "10.4.34-MariaDB"));
        assertThat(old.isMariaDb()).isTrue();
        assertThat(old.insertReturns()).isFalse();
        assertThat(((MySql) Dialect.of(product("MySQL", "8.4.2"))).isMariaDb()).isFalse();
    }

    @Test
    void an_unsupported_database_is_refused_with_the_supported_ones() {
        assertThatThrownBy(() -> Dialect.of(product("DB2/LINUXX8664")))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("DB2/LINUXX8664 7.3")
                .hasMessageContaining("H2 2.x, MySQL, MariaDB, Oracle, PostgreSQL and SQL Server");
    }

    @Test
    void quotes_inside_identifiers_are_doubled() {
        assertThat(new H2().quote("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(new PostgreSql(18).quote("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(new SqlServer().quote("a]b")).isEqualTo("[a]]b]");
        assertThat(new MySql(false, 8, 0).quote("a`b")).isEqualTo("`a``b`");
    }

    @Test
    void a_type_that_is_not_known_is_refused_with_the_column() {
        Column vector = new Column(
                "v",
                Types.OTHER,
                "vector",
                Column.Size.UNKNOWN,
                true,
                false,
                Column.Preset.NONE,
                false,
                false,
                false,
                Column.Folding.EXACT);
        assertThatThrownBy(() -> new MySql(true, 11, 8).access(vector))
                .isInstanceOf(ColumnNotCapturableException.class)
                .hasMessageContaining("column v of type vector")
                .hasMessageContaining("Remedy");
    }

    @Test
    void an_instant_on_oracle_keeps_its_zone_and_null_stays_null() throws SQLException {
        ColumnAccess zoned = new Oracle().access(column("TIMESTAMP WITH TIME ZONE"));
        assertThat(zoned.read("\"T\""))
                .startsWith("CASE WHEN \"T\" IS NOT NULL THEN TO_CHAR(SYS_EXTRACT_UTC(\"T\"),")
                .endsWith("|| ' ' || TO_CHAR(\"T\", 'TZR') END");
        assertThat(zoned.placeholder()).containsOnlyOnce("?").contains("AT TIME ZONE SUBSTR(v, 32)");
    }

    @Test
    void types_that_would_not_survive_are_refused_on_oracle_and_sql_server() {
        for (String type : List.of("LONG", "ROWID", "XMLTYPE", "BFILE", "APP.POINT")) {
            assertThatThrownBy(() -> new Oracle().access(column(type))).hasMessageContaining(type);
        }
        for (String type : List.of("sql_variant", "text", "ntext", "image", "vector")) {
            assertThatThrownBy(() -> new SqlServer().access(column(type))).hasMessageContaining(type);
        }
    }

    @Test
    void an_empty_text_is_never_taken_for_stored_on_oracle() {
        Column text = new Column(
                "c",
                Types.VARCHAR,
                "VARCHAR2",
                new Column.Size(10, 0),
                true,
                false,
                Column.Preset.NONE,
                false,
                false,
                false,
                Column.Folding.EXACT);
        assertThat(new Oracle().storesText(text, "")).isFalse();
        assertThat(new Oracle().storesText(text, "bolt")).isTrue();
    }

    @Test
    void the_drivers_error_numbers_are_known_where_their_classes_say_nothing() {
        assertThat(new SqlServer().missesAName(new SQLException("invalid object", "S0001", 208)))
                .isTrue();
        assertThat(new SqlServer().refusesData(new SQLException("truncated", "S0001", 2628)))
                .isTrue();
        assertThat(new SqlServer().isDuplicateKey(new SQLException("duplicate", "23000", 2601)))
                .isTrue();
        assertThat(new Oracle().refusesData(new SQLException("too large", "72000", 12899)))
                .isTrue();
        assertThat(new Oracle().isDuplicateKey(new SQLException("unique", "23000", 1)))
                .isTrue();
    }

    private static Column column(String type) {
        return new Column(
                "c",
                Types.OTHER,
                type,
                Column.Size.UNKNOWN,
                true,
                false,
                Column.Preset.NONE,
                false,
                false,
                false,
                Column.Folding.EXACT);
    }

    private static DatabaseMetaData product(String name) {
        return product(name, "7.3");
    }

    private static DatabaseMetaData product(String name, String version) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                DialectTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getDatabaseProductName" -> name;
                    case "getDatabaseProductVersion" -> version;
                    default -> Integer.parseInt(version.substring(0, version.indexOf('.')));
                });
    }
}
