package io.entente.rm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.table.Column;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Types;
import org.junit.jupiter.api.Test;

class DialectTest {

    @Test
    void the_product_name_decides() throws SQLException {
        assertThat(Dialect.of(product("H2"))).isInstanceOf(H2.class);
        assertThat(Dialect.of(product("MySQL"))).isInstanceOf(MySql.class);
        assertThat(Dialect.of(product("MariaDB"))).isInstanceOf(MySql.class);
        assertThat(Dialect.of(product("PostgreSQL"))).isInstanceOf(PostgreSql.class);
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
        assertThatThrownBy(() -> Dialect.of(product("Oracle")))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("Oracle 7.3")
                .hasMessageContaining("H2 2.x, MySQL, MariaDB and PostgreSQL");
    }

    @Test
    void quotes_inside_identifiers_are_doubled() {
        assertThat(new H2().quote("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(new PostgreSql(18).quote("a\"b")).isEqualTo("\"a\"\"b\"");
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
                false,
                false,
                false,
                false,
                Column.Folding.EXACT);
        assertThatThrownBy(() -> new MySql(true, 11, 8).access(vector))
                .isInstanceOf(ColumnNotCapturableException.class)
                .hasMessageContaining("column v of type vector")
                .hasMessageContaining("Remedy");
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
