package io.entente.frameworks.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.frameworks.Checkout;
import io.entente.frameworks.Store;
import io.entente.frameworks.Twins;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class SeveralDatabasesTest {

    @ParameterizedTest
    @CsvSource({"H2, POSTGRESQL", "POSTGRESQL, MARIADB", "MARIADB, H2", "H2, H2"})
    void one_global_transaction_spans_the_databases_of_an_application(Kind first, Kind second) throws SQLException {
        Store orders = store(first, "several_orders", "CREATE TABLE orders (id INT PRIMARY KEY, item VARCHAR(20))");
        Store bills = store(second, "several_bills", "CREATE TABLE bill (id INT PRIMARY KEY, amount INT)");
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                ConfigurableApplicationContext shop = shop(first, second, coordinator)) {
            Checkout checkout = shop.getBean(Checkout.class);
            assertThatThrownBy(() -> checkout.declined(() -> {
                        work(shop, 1);
                        assertThat(orders.query("SELECT item FROM orders")).containsExactly("nut");
                        assertThat(bills.query("SELECT amount FROM bill")).containsExactly("12");
                        return null;
                    }))
                    .isInstanceOf(Checkout.Declined.class);
            await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                assertThat(orders.query("SELECT item FROM orders")).isEmpty();
                assertThat(bills.query("SELECT amount FROM bill")).isEmpty();
            });

            String local = checkout.accepted(() -> {
                work(shop, 2);
                try {
                    shop.getBean(Bills.class).add(2, -5);
                } catch (IllegalArgumentException e) {
                    return e.getMessage();
                }
                return "none";
            });
            assertThat(local).isEqualTo("A bill does not shrink");
            assertThat(orders.query("SELECT id, item FROM orders")).containsExactly("2 | nut");
            assertThat(bills.query("SELECT id, amount FROM bill")).containsExactly("2 | 12");
            await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                assertThat(Twins.left(coordinator)).isEmpty();
                assertThat(orders.undoRows()).isEmpty();
                assertThat(bills.undoRows()).isEmpty();
            });
            assertThat(shop.getBean("ordersDatabase", DataSource.class)
                            .unwrap(HikariDataSource.class)
                            .getMaximumPoolSize())
                    .as("settings that Spring Boot binds to the pool")
                    .isEqualTo(3);
        }
    }

    private static void work(ConfigurableApplicationContext shop, int id) {
        shop.getBean(Orders.class).place(id, "nut");
        shop.getBean(Bills.class).write(id, 10);
        shop.getBean(Bills.class).add(id, 2);
    }

    private static Store store(Kind kind, String name, String ddl) throws SQLException {
        DataSource plain = TestDatabase.of(kind).newDatabase(name);
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(ddl);
        }
        return new Store(kind, plain);
    }

    private static ConfigurableApplicationContext shop(Kind orders, Kind bills, EmbeddedCoordinator coordinator) {
        return new SpringApplicationBuilder(SeveralApplication.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.application.name=shop",
                        "entente.server=" + coordinator.address(),
                        "entente.at.create-undo-log-table=true",
                        "orders.datasource.hikari.maximum-pool-size=3")
                .properties(database("orders", orders))
                .properties(database("bills", bills))
                .run();
    }

    private static String[] database(String name, Kind kind) {
        TestDatabase server = TestDatabase.of(kind);
        return new String[] {
            name + ".datasource.url=" + server.jdbcUrl("several_" + name),
            name + ".datasource.username=" + server.user(),
            name + ".datasource.password=" + server.password()
        };
    }
}
