package io.entente.rm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.spring.EntenteAutoConfiguration;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class AtAutoConfigurationTest {

    private static EmbeddedCoordinator coordinator;

    private ApplicationContextRunner application;

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
        TestDatabase.h2().newDatabase("boot");
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        EntenteAutoConfiguration.class,
                        AtAutoConfiguration.class,
                        XaAutoConfiguration.class,
                        DataSourceWrappingAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .withPropertyValues(
                        "entente.server=" + coordinator.address(),
                        "spring.application.name=shop",
                        "spring.datasource.url=" + TestDatabase.h2().jdbcUrl("boot"),
                        "spring.datasource.username=" + TestDatabase.h2().user(),
                        "spring.datasource.password=" + TestDatabase.h2().password());
    }

    private ApplicationContextRunner withUndoLog() {
        return application.withPropertyValues("entente.at.create-undo-log-table=true");
    }

    @Test
    void a_local_transaction_of_spring_is_a_branch_without_a_line_of_code() {
        withUndoLog().run(context -> {
            assertThat(context).hasNotFailed();
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            TransactionTemplate local = context.getBean(TransactionTemplate.class);
            GlobalTransactionTemplate global = context.getBean(GlobalTransactionTemplate.class);
            jdbc.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
            global.execute("kept", () -> local.execute(status -> jdbc.update("INSERT INTO t VALUES (1, 1)")));
            assertThatThrownBy(() -> global.execute("dropped", () -> {
                        local.executeWithoutResult(status -> {
                            jdbc.update("UPDATE t SET n = n + 1");
                            jdbc.batchUpdate(
                                    "INSERT INTO t VALUES (?, 5)", List.of(new Object[] {2}, new Object[] {3}));
                        });
                        assertThat(jdbc.queryForObject("SELECT sum(n) FROM t", Integer.class))
                                .isEqualTo(12);
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
                assertThat(jdbc.queryForList("SELECT id || ':' || n FROM t", String.class))
                        .containsExactly("1:1");
                assertThat(jdbc.queryForObject("SELECT count(*) FROM undo_log WHERE log_status = 0", Integer.class))
                        .isZero();
            });
        });
    }

    @Test
    void where_there_is_micrometer_the_undo_log_has_metrics() {
        withUndoLog()
                .withConfiguration(AutoConfigurations.of(UndoLogMetricsAutoConfiguration.class))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    SimpleMeterRegistry registry = new SimpleMeterRegistry();
                    context.getBean(UndoLogMetrics.class).bindTo(registry);
                    await().atMost(30, TimeUnit.SECONDS)
                            .ignoreException(MeterNotFoundException.class)
                            .untilAsserted(() -> {
                                assertThat(registry.get("entente.undo.log.rows")
                                                .tag("resource", "jdbc:h2:mem:boot")
                                                .gauge()
                                                .value())
                                        .isZero();
                                assertThat(registry.get("entente.undo.log.oldest")
                                                .tag("resource", "jdbc:h2:mem:boot")
                                                .gauge()
                                                .value())
                                        .isZero();
                            });
                });
    }

    @Test
    void the_pool_stays_reachable_and_is_wrapped_once() {
        withUndoLog().run(context -> {
            DataSource dataSource = context.getBean(DataSource.class);
            assertThat(dataSource).isInstanceOf(EntenteDataSource.class);
            assertThat(dataSource.unwrap(HikariDataSource.class).isRunning()).isTrue();
        });
    }

    @Test
    void a_missing_undo_log_stops_the_start_with_the_path_of_its_ddl() {
        application.run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .cause()
                    .isInstanceOfSatisfying(AtStartupException.class, failure -> {
                        FailureAnalysis shown = new AtStartupFailureAnalyzer().analyze(failure, failure);
                        assertThat(shown.getDescription()).contains("dataSource", "sql/h2/undo_log.sql");
                        assertThat(shown.getAction())
                                .contains("entente.at.create-undo-log-table=true", "entente.at.exclude=dataSource");
                    });
        });
    }

    @Test
    void a_table_made_by_the_applications_own_beans_is_seen() {
        application
                .withBean("migration", String.class, () -> {
                    TestDatabase.runScript(dataSourceOf("boot"), "io/entente/sql/h2/undo_log.sql");
                    return "done";
                })
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static DataSource dataSourceOf(String name) {
        return DataSourceBuilder.create()
                .url(TestDatabase.h2().jdbcUrl(name))
                .username(TestDatabase.h2().user())
                .password(TestDatabase.h2().password())
                .build();
    }

    @Test
    void it_can_be_switched_off_as_a_whole_or_for_one_data_source() {
        application
                .withPropertyValues("entente.at.enabled=false")
                .run(context -> assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class));
        application
                .withPropertyValues("entente.at.exclude=dataSource")
                .run(context -> assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class));
    }

    @Test
    void a_data_source_to_exclude_that_is_not_there_stops_the_start() {
        application
                .withPropertyValues("entente.at.exclude=datasource")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll("entente.at.exclude", "'datasource'", "[dataSource]"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Several {

        @Bean
        DataSource orders() {
            return TestDatabase.h2().newDatabase("boot_orders");
        }

        @Bean
        DataSource reports() {
            return TestDatabase.h2().newDatabase("boot_reports");
        }

        @Bean
        DataSource lazy(DataSource orders) {
            return new LazyConnectionDataSourceProxy(orders);
        }

        @Bean
        DataSource router(DataSource orders, DataSource lazy) {
            return routing(orders, lazy);
        }
    }

    private static AbstractRoutingDataSource routing(DataSource one, DataSource fallback) {
        AbstractRoutingDataSource router = new AbstractRoutingDataSource() {
            @Override
            protected Object determineCurrentLookupKey() {
                return "one";
            }
        };
        router.setTargetDataSources(Map.of("one", one));
        router.setDefaultTargetDataSource(fallback);
        return router;
    }

    @Test
    void what_leads_to_a_wrapped_data_source_is_not_wrapped_again() {
        withUndoLog()
                .withUserConfiguration(Several.class)
                .withPropertyValues("entente.at.exclude=reports")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean("orders")).isInstanceOf(EntenteDataSource.class);
                    assertThat(context.getBean("reports")).isNotInstanceOf(EntenteDataSource.class);
                    assertThat(context.getBean("lazy")).isInstanceOf(LazyConnectionDataSourceProxy.class);
                    assertThat(context.getBean("router")).isInstanceOf(AbstractRoutingDataSource.class);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class HiddenTargets {

        @Bean
        DataSource router() {
            DataSource hidden = TestDatabase.h2().newDatabase("boot_hidden");
            return routing(hidden, hidden);
        }
    }

    @Test
    void a_router_with_targets_that_are_no_beans_stops_the_start() {
        withUndoLog()
                .withUserConfiguration(HiddenTargets.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOfSatisfying(
                                AtStartupException.class,
                                failure -> assertThat(failure.action()).contains("entente.at.exclude=router")));
    }

    @Test
    void a_value_that_cannot_be_used_is_told_with_its_key_and_rule() {
        withUndoLog()
                .withPropertyValues("entente.at.lock-wait=-1ms")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContainingAll("entente.at.lock-wait", "between 0ms"));
    }
}
