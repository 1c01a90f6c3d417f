package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceIdTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "jdbc:mysql://h:3306/db?useSSL=false jdbc:mysql://h:3306/db",
                "jdbc:mysql:loadbalance://a,b/db?x=1 jdbc:mysql:loadbalance://a|b/db",
                "jdbc:mariadb://u:p@h/db jdbc:mariadb://h/db",
                "jdbc:postgresql://h/db?user=u&password=p jdbc:postgresql://h/db",
                "jdbc:postgresql://h/db?user=u&currentSchema=a,b&x=1 jdbc:postgresql://h/db?currentSchema=a!b",
                "jdbc:oracle:thin:@//h:1521/shop?connect_timeout=5 jdbc:oracle:thin:@//h:1521/shop",
                "jdbc:oracle:thin:scott/tiger@h:1521:shop jdbc:oracle:thin:@h:1521:shop",
                "jdbc:sqlserver://h:1433;user=u;password=p;databaseName=shop;encrypt=true jdbc:sqlserver://h:1433;databaseName=shop",
                "jdbc:sqlserver://h jdbc:sqlserver://h",
                "jdbc:h2:mem:db;DB_CLOSE_DELAY=-1 jdbc:h2:mem:db",
                "jdbc:h2:file:/data/x?y;MODE=MySQL jdbc:h2:file:/data/x"
            })
    void a_database_is_named_by_its_url_without_what_is_private_to_this_process(String url, String id) {
        assertThat(ResourceId.of(url)).isEqualTo(id);
    }
}
