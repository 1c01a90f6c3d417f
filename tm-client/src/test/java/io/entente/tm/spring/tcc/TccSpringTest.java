package io.entente.tm.spring.tcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.configuration.ConfigurationCheckAutoConfiguration;
import io.entente.configuration.InvalidSetupException;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.GlobalTransactional;
import io.entente.tm.TransactionContext;
import io.entente.tm.spring.EntenteAutoConfiguration;
import io.entente.tm.tcc.TccBranch;
import io.entente.tm.tcc.TwoPhaseBusinessAction;
import jakarta.annotation.PostConstruct;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.Advised;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** {@code @TwoPhaseBusinessAction} in real Spring contexts, with a real coordinator and H2. */
class TccSpringTest {

    private EmbeddedCoordinator coordinator;
    private ApplicationContextRunner withoutDatabase;
    private ApplicationContextRunner contexts;

    @BeforeEach
    void start() {
        coordinator = EmbeddedCoordinator.start();
        withoutDatabase = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfigurationCheckAutoConfiguration.class,
                        EntenteAutoConfiguration.class,
                        TccAutoConfiguration.class))
                .withPropertyValues("entente.server=" + coordinator.address());
        contexts = withoutDatabase
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class))
                .withPropertyValues("spring.datasource.url=" + newDatabase(), "entente.tcc.fence.create-table=true");
    }

    private static String newDatabase() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    private void awaitEnded() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> {
                    coordinator.advanceTime(Duration.ofSeconds(1));
                    return coordinator
                                    .coordinator()
                                    .coordinator()
                                    .ask(view -> view.state().transactions().size())
                                    .join()
                            == 0;
                });
    }

    interface Accounts {
        String freeze(String account, BigDecimal amount);

        void settle(String account, BigDecimal amount);

        void release(String account, BigDecimal amount);
    }

    /** Business statements in local transactions of its own, as most are. */
    static class TransactionalAccounts implements Accounts {
        final JdbcTemplate jdbc;
        final List<String> calls = new CopyOnWriteArrayList<>();
        final AtomicInteger failures = new AtomicInteger();

        TransactionalAccounts(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
            jdbc.execute("CREATE TABLE IF NOT EXISTS account (id VARCHAR(10) PRIMARY KEY, frozen DECIMAL(9,2),"
                    + " settled DECIMAL(9,2))");
            jdbc.update("INSERT INTO account VALUES ('A', 0, 0)");
        }

        @Override
        @Transactional
        @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
        public String freeze(String account, BigDecimal amount) {
            calls.add("freeze");
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isTrue();
            assertThat(jdbc.queryForList("SELECT branch_id FROM tcc_fence_log WHERE status = 1", Long.class))
                    .contains(TccBranch.current().branchId());
            jdbc.update("UPDATE account SET frozen = frozen + ? WHERE id = ?", amount, account);
            if (account.equals("A") && amount.signum() < 0) {
                throw new IllegalArgumentException("negative");
            }
            return "frozen " + amount;
        }

        @Override
        @Transactional
        public void settle(String account, BigDecimal amount) {
            calls.add("settle");
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isTrue();
            jdbc.update(
                    "UPDATE account SET frozen = frozen - ?, settled = settled + ? WHERE id = ?",
                    amount,
                    amount,
                    account);
            fail();
        }

        @Override
        @Transactional
        public void release(String account, BigDecimal amount) {
            calls.add("release");
            jdbc.update("UPDATE account SET frozen = frozen - ? WHERE id = ?", amount, account);
            fail();
        }

        private void fail() {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("bank closed");
            }
        }

        String state() {
            return jdbc.queryForObject(
                    "SELECT CONCAT(frozen, ' ', settled, ' ', (SELECT LISTAGG(status, ',') WITHIN GROUP (ORDER BY status)"
                            + " FROM tcc_fence_log)) FROM account",
                    String.class);
        }
    }

    static class Transfers {
        private final Accounts accounts;

        Transfers(Accounts accounts) {
            this.accounts = accounts;
        }

        @GlobalTransactional
        public String commit(int amount) {
            return accounts.freeze("A", BigDecimal.valueOf(amount));
        }

        @GlobalTransactional
        public void rollBack(int amount) {
            assertThat(accounts.freeze("A", BigDecimal.valueOf(amount))).isNotNull();
            throw new IllegalStateException("no");
        }

        @GlobalTransactional
        public void swallow() {
            try {
                assertThat(accounts.freeze("A", BigDecimal.valueOf(-1))).isNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessage("negative");
            }
        }
    }

    private void with(Consumer<AssertableApplicationContext> test) {
        contexts.withBean("accounts", TransactionalAccounts.class)
                .withBean(Transfers.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    test.accept(context);
                });
    }

    private static TransactionalAccounts target(AssertableApplicationContext context) {
        return org.springframework.test.util.AopTestUtils.getTargetObject(context.getBean(Accounts.class));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_action_follows_the_decision_with_either_kind_of_proxy(boolean proxyTargetClass) {
        contexts = contexts.withPropertyValues("spring.aop.proxy-target-class=" + proxyTargetClass);
        with(context -> {
            assertThat(context.getBean(Transfers.class).commit(10)).isEqualTo("frozen 10");
            awaitEnded();
            TransactionalAccounts accounts = target(context);
            assertThat(accounts.state()).isEqualTo("0.00 10.00 2");
            assertThatThrownBy(() -> context.getBean(Transfers.class).rollBack(5))
                    .hasMessage("no");
            awaitEnded();
            assertThat(accounts.state()).isEqualTo("0.00 10.00 2,3");
            assertThat(accounts.calls).containsExactly("freeze", "settle", "freeze", "release");
            assertThat(Proxy.isProxyClass(context.getBean(Accounts.class).getClass()))
                    .isEqualTo(!proxyTargetClass);
        });
    }

    @Test
    void what_fails_is_rolled_back_with_its_fence_row_and_called_again() {
        with(context -> {
            TransactionalAccounts accounts = target(context);
            accounts.failures.set(2);
            assertThat(context.getBean(Transfers.class).commit(10)).isNotEmpty();
            awaitEnded();
            assertThat(accounts.calls).containsExactly("freeze", "settle", "settle", "settle");
            assertThat(accounts.state()).isEqualTo("0.00 10.00 2");
        });
    }

    @Test
    void a_swallowed_failure_cannot_commit_and_leaves_nothing() {
        with(context -> {
            assertThatThrownBy(() -> context.getBean(Transfers.class).swallow())
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContaining("negative");
            awaitEnded();
            assertThat(target(context).calls).containsExactly("freeze");
            assertThat(target(context).jdbc.queryForList("SELECT * FROM tcc_fence_log"))
                    .isEmpty();
        });
    }

    static class Outer {
        private final Accounts accounts;

        Outer(Accounts accounts) {
            this.accounts = accounts;
        }

        @Transactional
        public void failAfter(int amount) {
            assertThat(accounts.freeze("A", BigDecimal.valueOf(amount))).isNotNull();
            throw new IllegalStateException("later");
        }

        @Transactional
        public void both() {
            assertThat(accounts.freeze("A", BigDecimal.ONE)).isNotNull();
            assertThat(accounts.freeze("A", BigDecimal.TEN)).isNotNull();
        }
    }

    @Test
    void a_try_joins_a_local_transaction_and_is_gone_with_it() {
        contexts = contexts.withBean(Outer.class);
        with(context -> {
            GlobalTransactionTemplate transactions = context.getBean(GlobalTransactionTemplate.class);
            Outer outer = context.getBean(Outer.class);
            transactions.execute("both", () -> {
                outer.both();
                return "done";
            });
            awaitEnded();
            assertThat(target(context).state()).isEqualTo("0.00 11.00 2,2");

            assertThatThrownBy(() -> transactions.execute("swallowing", () -> {
                        assertThatThrownBy(() -> outer.failAfter(5)).hasMessage("later");
                        return "done";
                    }))
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContaining("the local transaction around it did not commit");
            awaitEnded();
            assertThat(target(context).state()).isEqualTo("0.00 11.00 2,2");

            assertThat(transactions.execute("waiving", () -> {
                        try (var scope = TransactionContext.waiveVotes()) {
                            assertThatThrownBy(() -> outer.failAfter(5)).hasMessage("later");
                        }
                        return "done";
                    }))
                    .isEqualTo("done");
            awaitEnded();
            assertThat(target(context).state()).isEqualTo("0.00 11.00 2,2");
        });
    }

    static class UpsideDown {
        private final Transfers transfers;

        UpsideDown(Transfers transfers) {
            this.transfers = transfers;
        }

        @Transactional
        public void transfer() {
            assertThat(transfers.commit(5)).isNotEmpty();
        }
    }

    @Test
    void a_global_transaction_inside_a_local_one_cannot_commit_before_it() {
        contexts = contexts.withBean(UpsideDown.class);
        with(context -> {
            assertThatThrownBy(() -> context.getBean(UpsideDown.class).transfer())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("@GlobalTransactional begin outside of @Transactional");
            awaitEnded();
            assertThat(target(context).calls).containsExactly("freeze");
            assertThat(target(context).state()).startsWith("0.00 0.00 ");
        });
    }

    static class Eager {
        private final Accounts accounts;

        Eager(Accounts accounts) {
            this.accounts = accounts;
        }

        @PostConstruct
        void tooEarly() {
            try (var scope = TransactionContext.bind("127.0.0.1:8091:1")) {
                assertThat(accounts.freeze("A", BigDecimal.ONE)).isNull();
            }
        }
    }

    @Test
    void a_try_before_the_application_has_started_is_refused() {
        contexts.withBean("accounts", TransactionalAccounts.class)
                .withBean(Eager.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("TCC action 'freeze' was tried before the application has started"));
    }

    @Test
    void the_branch_is_registered_inside_the_global_and_before_the_local_transaction() {
        contexts.withBean(PlainAccounts.class)
                .withBean("accounts", TransactionalAccounts.class)
                .run(context -> {
                    assertThat(advisors(context.getBean(PlainAccounts.class)))
                            .containsSubsequence("GlobalTransactionalAdvisor", "TccAdvisor");
                    assertThat(advisors(context.getBean(Accounts.class)))
                            .containsSubsequence("TccAdvisor", "BeanFactoryTransactionAttributeSourceAdvisor");
                });
    }

    private static List<String> advisors(Object bean) {
        return Arrays.stream(((Advised) bean).getAdvisors())
                .map(advisor -> advisor.getClass().getSimpleName())
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyBeans {
        @Bean
        @Lazy
        PlainAccounts lazyAccounts(JdbcTemplate jdbc) {
            return new PlainAccounts(jdbc);
        }
    }

    @Test
    void an_action_on_a_lazy_bean_is_served_before_the_bean_is_made() {
        contexts.withUserConfiguration(LazyBeans.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBeanFactory().containsSingleton("lazyAccounts"))
                    .isFalse();
            context.getBean(PlainAccounts.class).add(7);
            awaitEnded();
            assertThat(context.getBean(JdbcTemplate.class).queryForList("SELECT s FROM plain", String.class))
                    .containsExactly("kept");
        });
    }

    /** Neither an interface of its own nor {@code @Transactional}. */
    static class PlainAccounts {
        private final JdbcTemplate jdbc;

        PlainAccounts(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
            jdbc.execute("CREATE TABLE IF NOT EXISTS plain (n INT, s VARCHAR(10))");
        }

        @GlobalTransactional
        @TwoPhaseBusinessAction(name = "plain")
        public void add(int n) {
            jdbc.update("INSERT INTO plain VALUES (?, 'tried')", n);
        }

        void commit(int n) {
            jdbc.update("UPDATE plain SET s = 'kept' WHERE n = ?", n);
        }

        protected void rollback(int n) {
            jdbc.update("DELETE FROM plain WHERE n = ?", n);
        }
    }

    @Test
    void an_action_may_begin_the_global_transaction_and_need_not_be_transactional() {
        contexts.withBean(PlainAccounts.class).run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(PlainAccounts.class).add(7);
            awaitEnded();
            assertThat(context.getBean(JdbcTemplate.class).queryForList("SELECT s FROM plain", String.class))
                    .containsExactly("kept");
        });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void an_action_follows_the_decision_on_every_database(TestDatabase.Kind kind) {
        DataSource database = TestDatabase.of(kind).newDatabase("tcc_spring");
        withoutDatabase
                .withConfiguration(AutoConfigurations.of(
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class))
                .withPropertyValues("entente.tcc.fence.create-table=true")
                .withBean(DataSource.class, () -> database)
                .withBean(PlainAccounts.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    PlainAccounts accounts = context.getBean(PlainAccounts.class);
                    accounts.add(7);
                    assertThatThrownBy(() -> context.getBean(GlobalTransactionTemplate.class)
                                    .execute("t", () -> {
                                        accounts.add(8);
                                        throw new IllegalStateException("no");
                                    }))
                            .hasMessage("no");
                    awaitEnded();
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    assertThat(jdbc.queryForList("SELECT s FROM plain", String.class))
                            .containsExactly("kept");
                    assertThat(jdbc.queryForList("SELECT status FROM tcc_fence_log ORDER BY status", Integer.class))
                            .containsExactly(2, 3);
                });
    }

    /** What a client library makes for a service elsewhere. */
    interface RemoteBank {
        @TwoPhaseBusinessAction(name = "remote", useTCCFence = false)
        String reserve(List<String> seats);

        void commit(List<String> seats);

        void rollback(List<String> seats);
    }

    @Test
    void a_proxy_of_a_remote_service_is_called_without_fence_and_without_database() {
        List<String> calls = new CopyOnWriteArrayList<>();
        withoutDatabase
                .withBean(RemoteBank.class, () -> (RemoteBank) Proxy.newProxyInstance(
                        RemoteBank.class.getClassLoader(),
                        new Class<?>[] {RemoteBank.class},
                        (proxy, method, arguments) -> {
                            if (method.getDeclaringClass() == Object.class) {
                                return method.getName().equals("hashCode") ? 1 : "remote bank";
                            }
                            calls.add(method.getName()
                                    + arguments[0]
                                    + TccBranch.current().action());
                            return method.getReturnType() == String.class ? "ok" : null;
                        }))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(GlobalTransactionTemplate.class)
                                    .execute(
                                            "t",
                                            () -> context.getBean(RemoteBank.class)
                                                    .reserve(List.of("1A", "1B"))))
                            .isEqualTo("ok");
                    awaitEnded();
                    assertThat(calls).containsExactly("reserve[1A, 1B]remote", "commit[1A, 1B]remote");
                });
    }

    private static void assertRefused(AssertableApplicationContext context, String message, String action) {
        assertThat(context).hasFailed();
        Throwable failure = context.getStartupFailure();
        while (!(failure instanceof InvalidSetupException)) {
            assertThat(failure).isNotNull();
            failure = failure.getCause();
        }
        assertThat(failure.getMessage()).contains(message);
        assertThat(((InvalidSetupException) failure).action()).contains(action);
    }

    @Test
    void a_missing_fence_table_stops_the_start() {
        contexts.withPropertyValues("entente.tcc.fence.create-table=false")
                .withBean("accounts", TransactionalAccounts.class)
                .run(context -> assertRefused(
                        context,
                        "@TwoPhaseBusinessAction on TransactionalAccounts.freeze is fenced. The fence table tcc_fence_log is"
                                + " missing",
                        "entente.tcc.fence.create-table=true"));
    }

    @Test
    void the_fence_table_can_have_another_name() {
        contexts.withPropertyValues("entente.tcc.fence.table=fence_of_ours")
                .withBean(PlainAccounts.class)
                .run(context -> {
                    context.getBean(PlainAccounts.class).add(7);
                    awaitEnded();
                    assertThat(context.getBean(JdbcTemplate.class)
                                    .queryForList("SELECT status FROM fence_of_ours", Integer.class))
                            .containsExactly(2);
                });
    }

    @Test
    void old_rows_go_in_the_background() {
        contexts.withPropertyValues("entente.tcc.fence.retention=40ms")
                .withBean(PlainAccounts.class)
                .run(context -> {
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    context.getBean(PlainAccounts.class).add(7);
                    awaitEnded();
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> jdbc.queryForList("SELECT * FROM tcc_fence_log")
                                    .isEmpty());
                });
    }

    @Test
    void without_data_source_a_fence_cannot_be() {
        withoutDatabase
                .withBean(UnfencedTwin.class)
                .run(context -> assertRefused(
                        context,
                        "@TwoPhaseBusinessAction on UnfencedTwin.trial is fenced, but there is no DataSource bean",
                        "useTCCFence = false"));
    }

    static class UnfencedTwin {
        @TwoPhaseBusinessAction(name = "twin")
        public void trial(int n) {}

        public void commit(int n) {}

        public void rollback(int n) {}
    }

    static class OtherTwin {
        @TwoPhaseBusinessAction(name = "twin", useTCCFence = false)
        public void trial(int n) {}

        public void commit(int n) {}

        public void rollback(int n) {}
    }

    @Test
    void two_actions_of_one_name_stop_the_start() {
        withoutDatabase
                .withBean("one", UnfencedTwin.class)
                .withBean("two", OtherTwin.class)
                .run(context ->
                        assertRefused(context, "There are two TCC actions named 'twin': ", "Give each its own name"));
    }

    @Test
    void with_several_data_sources_one_must_be_named() {
        ApplicationContextRunner several = withoutDatabase
                .withPropertyValues("entente.tcc.fence.create-table=true")
                .withBean("first", DataSource.class, () -> new DriverManagerDataSource(newDatabase()))
                .withBean("second", DataSource.class, () -> new DriverManagerDataSource(newDatabase()))
                .withBean(UnfencedTwin.class);
        several.run(context -> assertRefused(
                context,
                "is fenced, but it is not said in which of the DataSource beans [first, second].",
                "entente.tcc.fence.data-source=first"));
        several.withPropertyValues("entente.tcc.fence.data-source=third")
                .run(context -> assertRefused(
                        context, "is fenced in DataSource 'third', but there is no such bean", "attribute dataSource"));
        several.withPropertyValues("entente.tcc.fence.data-source=second").run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(GlobalTransactionTemplate.class).execute("t", () -> {
                context.getBean(UnfencedTwin.class).trial(1);
                return "done";
            });
            assertThat(new JdbcTemplate(context.getBean("second", DataSource.class))
                            .queryForList("SELECT status FROM tcc_fence_log", Integer.class))
                    .containsExactly(2);
        });
    }

    static class OwnTransaction {
        @TwoPhaseBusinessAction(name = "own")
        public void trial(int n) {}

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void commit(int n) {}

        public void rollback(int n) {}
    }

    @Test
    void a_local_transaction_apart_from_the_fence_stops_the_start() {
        contexts.withBean(OwnTransaction.class)
                .run(context -> assertRefused(
                        context,
                        "OwnTransaction.commit has @Transactional(propagation = REQUIRES_NEW)",
                        "Remove the propagation"));
    }

    static class OwnIsolation {
        @TwoPhaseBusinessAction(name = "own")
        @Transactional(isolation = Isolation.SERIALIZABLE)
        public void trial(int n) {}

        public void commit(int n) {}

        public void rollback(int n) {}
    }

    @Test
    void an_isolation_that_would_be_ignored_stops_the_start() {
        contexts.withBean(OwnIsolation.class)
                .run(context -> assertRefused(
                        context,
                        "OwnIsolation.trial has @Transactional with an isolation or a timeout, which would be ignored",
                        "for the whole DataSource"));
    }

    @Transactional(transactionManager = "otherTransactions")
    static class OtherTransactions {
        @TwoPhaseBusinessAction(name = "own")
        public void trial(int n) {}

        public void commit(int n) {}

        public void rollback(int n) {}
    }

    @Test
    void a_transaction_manager_of_another_data_source_stops_the_start() {
        DataSource one = new DriverManagerDataSource(newDatabase());
        DataSource other = new DriverManagerDataSource(newDatabase());
        ApplicationContextRunner two = withoutDatabase
                .withPropertyValues("entente.tcc.fence.create-table=true")
                .withBean("one", DataSource.class, () -> one)
                .withBean("other", DataSource.class, () -> other)
                .withBean("oneTransactions", JdbcTransactionManager.class, () -> new JdbcTransactionManager(one))
                .withBean("otherTransactions", JdbcTransactionManager.class, () -> new JdbcTransactionManager(other))
                .withBean(OtherTransactions.class);
        two.withPropertyValues("entente.tcc.fence.data-source=one")
                .run(context -> assertRefused(
                        context,
                        "OtherTransactions.trial has @Transactional(transactionManager = \"otherTransactions\"), which is for"
                                + " another data source",
                        "Name the right data source"));
        two.withPropertyValues("entente.tcc.fence.data-source=other")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Configuration(proxyBeanMethods = false)
    static class Prototypes {
        @Bean
        @Scope("prototype")
        OtherTwin prototype() {
            return new OtherTwin();
        }
    }

    @Test
    void an_action_on_a_bean_that_comes_and_goes_stops_the_start() {
        withoutDatabase
                .withUserConfiguration(Prototypes.class)
                .run(context -> assertRefused(context, "bean 'prototype' is no singleton", "singleton bean"));
    }

    @Test
    void a_finished_object_that_spring_did_not_proxy_stops_the_start() {
        withoutDatabase
                .withInitializer(context -> context.getBeanFactory().registerSingleton("finished", new OtherTwin()))
                .run(context -> assertRefused(context, "is not proxied by Spring", "Spring makes it"));
    }

    @Test
    void it_can_be_switched_off() {
        @Nullable String none = null;
        withoutDatabase
                .withPropertyValues("entente.tcc.enabled=false")
                .withBean(UnfencedTwin.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(UnfencedTwin.class).trial(1);
                    assertThat(TransactionContext.xid()).isEqualTo(none);
                });
    }

    @Test
    void keys_that_cannot_be_used_stop_the_start() {
        withoutDatabase
                .withPropertyValues("entente.tcc.threads=0")
                .run(context -> assertRefused(context, "entente.tcc.threads=0", "Remove it"));
        withoutDatabase
                .withPropertyValues("entente.tcc.fence.retention=0s")
                .run(context -> assertRefused(context, "entente.tcc.fence.retention=PT0S", "1d"));
        withoutDatabase
                .withPropertyValues("entente.tcc.fance.table=x")
                .run(context -> assertRefused(context, "entente.tcc.fance.table", ""));
    }
}
