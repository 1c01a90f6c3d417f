package io.entente.rm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.configuration.InvalidSetupException;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.rm.xa.EntenteXaDataSource;
import io.entente.rm.xa.XaConnectionSource;
import io.entente.rm.xa.XaResources;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.spring.EntenteAutoConfiguration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.Driver;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class XaAutoConfigurationTest {

    private static EmbeddedCoordinator coordinator;
    private static int number;

    private ApplicationContextRunner application;
    private String name;

    @BeforeAll
    static void startCoordinator() {
        coordinator = EmbeddedCoordinator.start();
    }

    @AfterAll
    static void stopCoordinator() {
        coordinator.close();
    }

    @BeforeEach
    void application() {
        name = "boot_xa_" + number++;
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        EntenteAutoConfiguration.class,
                        AtAutoConfiguration.class,
                        XaAutoConfiguration.class,
                        DataSourceWrappingAutoConfiguration.class))
                .withPropertyValues(
                        "entente.server=" + coordinator.address(),
                        "spring.application.name=shop",
                        "entente.at.create-undo-log-table=true");
    }

    /** As Spring Boot makes it: the pool opens with the first connection. */
    private static HikariDataSource pool(TestDatabase.Kind kind, String name) {
        TestDatabase database = TestDatabase.of(kind);
        database.newDatabase(name);
        return DataSourceBuilder.create()
                .type(HikariDataSource.class)
                .url(database.jdbcUrl(name))
                .username(database.user())
                .password(database.password())
                .build();
    }

    private static InvalidSetupException failure(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        for (Throwable at = context.getStartupFailure(); at != null; at = at.getCause()) {
            if (at instanceof InvalidSetupException invalid) {
                return invalid;
            }
        }
        throw new AssertionError("another failure", context.getStartupFailure());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void one_data_source_by_xa_and_one_by_at_commit_and_roll_back_together(TestDatabase.Kind kind) {
        application
                .withBean("orders", DataSource.class, () -> pool(kind, name + "_orders"))
                .withBean("stock", DataSource.class, () -> pool(kind, name + "_stock"))
                .withPropertyValues("entente.xa.data-sources=orders")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    DataSource orders = context.getBean("orders", DataSource.class);
                    DataSource stock = context.getBean("stock", DataSource.class);
                    assertThat(orders).isInstanceOf(EntenteXaDataSource.class);
                    assertThat(orders.unwrap(HikariDataSource.class).getDataSource())
                            .isInstanceOf(XaConnectionSource.class);
                    assertThat(stock).isInstanceOf(EntenteDataSource.class);
                    JdbcTemplate xa = new JdbcTemplate(orders);
                    JdbcTemplate at = new JdbcTemplate(stock);
                    TransactionTemplate local = new TransactionTemplate(new JdbcTransactionManager(orders));
                    GlobalTransactionTemplate global = context.getBean(GlobalTransactionTemplate.class);
                    for (JdbcTemplate each : new JdbcTemplate[] {xa, at}) {
                        each.execute("CREATE TABLE item (id INT PRIMARY KEY, n INT)");
                        each.update("INSERT INTO item VALUES (1, 10)");
                    }
                    Runnable work = () -> {
                        local.executeWithoutResult(status -> xa.update("UPDATE item SET n = n + 1"));
                        at.update("UPDATE item SET n = n - 1");
                        local.executeWithoutResult(status -> xa.update("UPDATE item SET n = n + 1"));
                    };
                    global.execute("kept", () -> {
                        work.run();
                        return null;
                    });
                    assertThatThrownBy(() -> global.execute("dropped", () -> {
                                work.run();
                                throw new IllegalStateException("no");
                            }))
                            .hasMessage("no");
                    await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
                        assertThat(xa.queryForObject("SELECT n FROM item", Integer.class))
                                .isEqualTo(12);
                        assertThat(at.queryForObject("SELECT n FROM item", Integer.class))
                                .isEqualTo(9);
                    });
                });
    }

    @Test
    void a_star_names_all_but_those_that_take_no_part_and_xa_needs_no_at() {
        application
                .withBean("orders", DataSource.class, () -> pool(TestDatabase.Kind.H2, name + "_orders"))
                .withBean("unpooled", DataSource.class, () -> TestDatabase.h2().newDatabase(name + "_unpooled"))
                .withBean("reports", DataSource.class, () -> pool(TestDatabase.Kind.H2, name + "_reports"))
                .withPropertyValues(
                        "entente.xa.data-sources=*", "entente.at.exclude=reports", "entente.at.enabled=false")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean("orders")).isInstanceOf(EntenteXaDataSource.class);
                    assertThat(context.getBean("unpooled")).isInstanceOf(EntenteXaDataSource.class);
                    assertThat(context.getBean("reports")).isInstanceOf(HikariDataSource.class);
                });
    }

    @Test
    void what_the_application_made_itself_and_what_leads_to_it_is_left_alone() {
        application
                .withUserConfiguration(Declared.class)
                .withPropertyValues("entente.xa.data-sources=lazy")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean("orders")).isInstanceOf(EntenteXaDataSource.class);
                    assertThat(context.getBean("lazy")).isInstanceOf(LazyConnectionDataSourceProxy.class);
                    assertThat(context.getBean("router")).isInstanceOf(AbstractRoutingDataSource.class);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Declared {

        @Bean
        EntenteXaDataSource orders(XaResources resources) {
            XaConnectionSource source =
                    new XaConnectionSource((JdbcDataSource) TestDatabase.h2().newDatabase("boot_xa_declared"));
            HikariConfig config = new HikariConfig();
            config.setDataSource(source);
            return EntenteXaDataSource.wrap(new HikariDataSource(config), source, resources);
        }

        @Bean
        DataSource lazy(EntenteXaDataSource orders) {
            return new LazyConnectionDataSourceProxy(orders);
        }

        @Bean
        DataSource router(EntenteXaDataSource orders) {
            AbstractRoutingDataSource router = new AbstractRoutingDataSource() {
                @Override
                protected Object determineCurrentLookupKey() {
                    return "one";
                }
            };
            router.setTargetDataSources(Map.of("one", orders));
            return router;
        }
    }

    // ---------------------------------------------------------------- wrong settings

    @Test
    void a_name_of_no_data_source_stops_the_start_with_the_names_there_are() {
        application
                .withBean("orders", DataSource.class, () -> pool(TestDatabase.Kind.H2, name))
                .withPropertyValues("entente.xa.data-sources=order")
                .run(context -> assertThat(failure(context))
                        .hasMessageContainingAll("entente.xa.data-sources", "'order'", "[orders]"));
    }

    @Test
    void a_name_in_two_lists_that_contradict_each_other_stops_the_start() {
        application
                .withBean("orders", DataSource.class, () -> pool(TestDatabase.Kind.H2, name))
                .withPropertyValues("entente.xa.data-sources=orders", "entente.at.exclude=orders")
                .run(context -> assertThat(failure(context))
                        .hasMessageContainingAll("orders", "entente.xa.data-sources", "entente.at.exclude"));
    }

    private void refused(DataSource dataSource, String... found) {
        application
                .withBean("orders", DataSource.class, () -> dataSource)
                .withPropertyValues("entente.xa.data-sources=orders")
                .run(context -> {
                    InvalidSetupException failure = failure(context);
                    assertThat(failure)
                            .hasMessageContaining("DataSource orders")
                            .hasMessageContainingAll(found);
                    assertThat(failure.action()).contains("EntenteXaDataSource orders(", "DataSourceBuilder");
                });
    }

    @Test
    void a_pool_that_is_open_already_is_refused() {
        try (HikariDataSource open = new HikariDataSource(pool(TestDatabase.Kind.H2, name))) {
            refused(open, "open already");
        }
    }

    @Test
    void a_database_without_a_known_xa_data_source_is_refused_without_its_parameters() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:nosuch://host/db?password=secret");
        refused(pool, "jdbc:nosuch://host/db,");
    }

    @Test
    void a_driver_property_that_would_be_lost_is_refused() {
        HikariDataSource pool = pool(TestDatabase.Kind.H2, name);
        pool.addDataSourceProperty("CACHE_SIZE", "1");
        refused(pool, "CACHE_SIZE", "URL");
    }

    @Test
    void a_data_source_that_cannot_do_xa_is_refused() {
        HikariDataSource without = new HikariDataSource();
        without.setDataSourceClassName("org.h2.jdbcx.JdbcDataSource");
        refused(without, "without a jdbcUrl");
        refused(new SimpleDriverDataSource(new Driver(), TestDatabase.h2().jdbcUrl(name)), "SimpleDriverDataSource");
    }

    @Test
    void a_name_of_what_passes_calls_on_to_at_is_refused() {
        application
                .withBean("orders", DataSource.class, () -> pool(TestDatabase.Kind.H2, name))
                .withUserConfiguration(LazyOrders.class)
                .withPropertyValues("entente.xa.data-sources=lazy")
                .run(context -> assertThat(failure(context)).hasMessageContainingAll("lazy", "by AT"));
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyOrders {

        @Bean
        DataSource lazy(@Qualifier("orders") DataSource orders) {
            return new LazyConnectionDataSourceProxy(orders);
        }
    }

    @Test
    void a_database_that_cannot_be_reached_stops_the_start() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/none");
        application
                .withBean("orders", DataSource.class, () -> pool)
                .withPropertyValues("entente.xa.data-sources=orders")
                .run(context -> assertThat(failure(context))
                        .hasMessageContainingAll("orders", "cannot take part by XA", "127.0.0.1:1"));
    }

    @Test
    void a_value_that_cannot_be_used_is_told_with_its_key_and_rule() {
        application
                .withPropertyValues("entente.xa.sweep-period=0s")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContainingAll("entente.xa.sweep-period", "1ms or longer"));
        application
                .withPropertyValues("entente.xa.threads=0")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContainingAll("entente.xa.threads=0", "1 or more"));
    }
}
