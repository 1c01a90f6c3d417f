package io.entente.rm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
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
    void an_unsupported_database_is_refused_with_the_supported_ones() {
        assertThatThrownBy(() -> Dialect.of(product("Oracle")))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("Oracle 7.3")
                .hasMessageContaining("H2 2.x, MySQL, MariaDB and PostgreSQL");
    }

    @Test
    void quotes_inside_identifiers_are_doubled() {
        assertThat(new H2().quote("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(new PostgreSql().quote("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(new MySql().quote("a`b")).isEqualTo("`a``b`");
    }

    private static DatabaseMetaData product(String name) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                DialectTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, args) -> method.getName().equals("getDatabaseProductName") ? name : "7.3");
    }
}
