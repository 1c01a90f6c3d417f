package io.entente.tm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.configuration.InvalidSetupException;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.tm.FakeCoordinatorServer;
import io.entente.tm.GlobalIsolation;
import io.entente.tm.GlobalLock;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.GlobalTransactional;
import io.entente.tm.Propagation;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionHook;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** {@code @GlobalTransactional} in real Spring contexts. */
class AnnotationTest {

    private FakeCoordinatorServer server;
    private ApplicationContextRunner contexts;

    @BeforeEach
    void start() throws IOException {
        server = new FakeCoordinatorServer(0);
        contexts = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(EntenteAutoConfiguration.class))
                .withPropertyValues("entente.server=" + server.address());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private <S> void with(Class<S> service, Consumer<S> test) {
        contexts.withBean(service).run(context -> {
            assertThat(context).hasNotFailed();
            test.accept(context.getBean(service));
        });
    }

    private List<String> begun() {
        return server.received().stream()
                .filter(Message.GlobalBeginRequest.class::isInstance)
                .map(begin -> ((Message.GlobalBeginRequest) begin).transactionName())
                .toList();
    }

    static class OnMethod {
        @GlobalTransactional
        public @Nullable String xid() {
            return TransactionContext.xid();
        }

        @GlobalTransactional(name = "report", isolation = GlobalIsolation.READ_COMMITTED)
        public void report() {
            throw new AssertionError("this coordinator cannot tell what is committed");
        }

        public @Nullable String plain() {
            return TransactionContext.xid();
        }

        @GlobalTransactional(
                name = "full",
                timeoutMillis = 1_234,
                lockWaitMillis = 1_500,
                noRollbackFor = IllegalStateException.class)
        public void configured() {
            assertThat(TransactionContext.lockWait()).isEqualTo(Duration.ofMillis(1_500));
            throw new IllegalStateException("commits nevertheless");
        }

        @GlobalTransactional(
                noRollbackForClassName = "RuntimeException",
                rollbackForClassName = "IllegalStateException")
        public void byName(RuntimeException failure) {
            throw failure;
        }

        @GlobalTransactional(propagation = Propagation.MANDATORY)
        public void mandatory() {}
    }

    @Test
    void on_a_method() {
        with(OnMethod.class, service -> {
            assertThat(service.xid()).startsWith("127.0.0.1:");
            assertThat(service.plain()).isNull();
            assertThat(TransactionContext.isActive()).isFalse();
        });
        assertThat(begun()).containsExactly("OnMethod.xid");
        assertThat(server.outcomes()).containsExactly(GlobalStatus.COMMITTED);
    }

    @Test
    void every_attribute_counts() {
        with(OnMethod.class, service -> {
            assertThatThrownBy(service::configured).hasMessage("commits nevertheless");
            assertThat(server.received()).contains(new Message.GlobalBeginRequest(1_234, "full"));
            assertThat(server.outcomes()).containsExactly(GlobalStatus.COMMITTED);
            assertThatThrownBy(service::report).hasMessageContainingAll("'report'", "READ_COMMITTED", "Seata");

            assertThatThrownBy(() -> service.byName(new IllegalStateException("x")))
                    .hasMessage("x");
            assertThat(server.outcomes()).containsExactlyInAnyOrder(GlobalStatus.COMMITTED, GlobalStatus.ROLLED_BACK);
            assertThatThrownBy(() -> service.byName(new IllegalArgumentException("y")))
                    .hasMessage("y");
            assertThat(server.outcomes())
                    .containsExactlyInAnyOrder(
                            GlobalStatus.COMMITTED, GlobalStatus.ROLLED_BACK, GlobalStatus.COMMITTED);

            assertThatThrownBy(service::mandatory).hasMessageContaining("OnMethod.mandatory");
        });
    }

    @GlobalTransactional(name = "of the class")
    static class OnClass {
        public @Nullable String xid() {
            return TransactionContext.xid();
        }

        @GlobalTransactional(name = "of the method")
        public @Nullable String own() {
            return TransactionContext.xid();
        }
    }

    @Test
    void on_a_class_and_the_method_wins() {
        with(OnClass.class, service -> {
            assertThat(service.xid()).isNotNull();
            assertThat(service.own()).isNotNull();
            assertThat(service.toString()).isNotNull();
        });
        assertThat(begun()).containsExactly("of the class", "of the method");
    }

    interface Contract {
        @GlobalTransactional(name = "of the interface")
        @Nullable
        String xid();
    }

    static class Implementation implements Contract {
        @Override
        public @Nullable String xid() {
            return TransactionContext.xid();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void on_an_interface_with_either_kind_of_proxy(boolean proxyTargetClass) {
        contexts.withBean(Implementation.class)
                .withPropertyValues("spring.aop.proxy-target-class=" + proxyTargetClass)
                .run(context ->
                        assertThat(context.getBean(Contract.class).xid()).isNotNull());
        assertThat(begun()).containsExactly("of the interface");
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @GlobalTransactional(name = "purchase", timeoutMillis = 5_000)
    @interface Purchase {}

    static class WithOwnAnnotation {
        @Purchase
        public @Nullable String xid() {
            return TransactionContext.xid();
        }
    }

    @Test
    void as_a_meta_annotation() {
        with(WithOwnAnnotation.class, service -> assertThat(service.xid()).isNotNull());
        assertThat(server.received()).contains(new Message.GlobalBeginRequest(5_000, "purchase"));
    }

    static class Inner {
        @GlobalTransactional
        public void fail() {
            throw new IllegalStateException("sold out");
        }
    }

    static class Swallowing {
        private final Inner inner;

        Swallowing(Inner inner) {
            this.inner = inner;
        }

        @GlobalTransactional
        public String call() {
            try {
                inner.fail();
                return "impossible";
            } catch (IllegalStateException e) {
                return "swallowed";
            }
        }
    }

    @Test
    void a_swallowed_failure_of_a_participant_cannot_commit() {
        contexts.withBean(Inner.class)
                .withBean(Swallowing.class)
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(Swallowing.class).call())
                        .isInstanceOf(GlobalTransactionRolledBackException.class)
                        .hasMessageContaining("Inner.fail")
                        .hasMessageContaining("sold out"));
        assertThat(begun()).containsExactly("Swallowing.call");
        assertThat(server.outcomes()).containsExactly(GlobalStatus.ROLLED_BACK);
    }

    static class PrivateMethod {
        @GlobalTransactional
        private void hidden() {}

        void use() {
            hidden();
        }
    }

    static class FinalMethod {
        @GlobalTransactional
        public final void fixed() {}
    }

    static class NegativeLockWait {
        @GlobalTransactional(lockWaitMillis = -2)
        public void negative() {}
    }

    static class NegativeTimeout {
        @GlobalTransactional(timeoutMillis = -1)
        public void negative() {}
    }

    static class Reactive {
        @GlobalTransactional
        public Mono<String> later() {
            return Mono.just("later");
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                PrivateMethod.class,
                FinalMethod.class,
                NegativeLockWait.class,
                NegativeTimeout.class,
                Reactive.class,
                Both.class,
                PrivateLock.class,
                NegativeWaitOfLock.class,
                ReactiveLock.class
            })
    void an_annotation_that_cannot_work_stops_the_start(Class<?> service) {
        contexts.withBean(service)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining(service.getSimpleName() + "."));
    }

    @GlobalLock
    static class Locking {
        public boolean lockedByClass() {
            return TransactionContext.requiresGlobalLock();
        }

        @GlobalLock(lockWaitMillis = 1_500, isolation = GlobalIsolation.READ_COMMITTED)
        public void patient() {
            assertThat(TransactionContext.requiresGlobalLock()).isTrue();
            assertThat(TransactionContext.lockWait()).isEqualTo(Duration.ofMillis(1_500));
            assertThat(TransactionContext.readsCommitted()).isTrue();
        }

        @GlobalTransactional
        public void transactional() {
            assertThat(TransactionContext.isActive()).isTrue();
            assertThat(TransactionContext.requiresGlobalLock()).isFalse();
        }

        boolean notPublic() {
            return TransactionContext.requiresGlobalLock();
        }
    }

    @Test
    void a_global_lock_is_around_a_method_that_is_in_no_transaction() {
        contexts.withBean(Locking.class).run(context -> {
            Locking service = context.getBean(Locking.class);
            assertThat(service.lockedByClass()).isTrue();
            service.patient();
            service.transactional();
            assertThat(service.notPublic()).isFalse();
            assertThat(TransactionContext.requiresGlobalLock()).isFalse();
            try (TransactionContext.Scope scope = TransactionContext.bind("127.0.0.1:8091:5")) {
                assertThat(scope).isNotNull();
                assertThat(service.lockedByClass()).isFalse();
            }
        });
    }

    static class Both {
        @GlobalLock
        @GlobalTransactional
        public void both() {}
    }

    static class PrivateLock {
        @GlobalLock
        private void hidden() {}

        void use() {
            hidden();
        }
    }

    static class NegativeWaitOfLock {
        @GlobalLock(lockWaitMillis = -2)
        public void negative() {}
    }

    static class ReactiveLock {
        @GlobalLock
        public Mono<String> later() {
            return Mono.just("later");
        }
    }

    static class Futures {
        @GlobalTransactional
        public CompletableFuture<String> unfinished() {
            return new CompletableFuture<>();
        }

        @GlobalTransactional
        public CompletableFuture<String> finished() {
            return CompletableFuture.completedFuture("done");
        }
    }

    @Test
    void work_that_would_outlive_its_transaction_is_refused() {
        with(Futures.class, service -> {
            assertThat(service.finished().join()).isEqualTo("done");
            assertThatThrownBy(service::unfinished).hasMessageContaining("not done");
        });
        assertThat(server.outcomes()).containsExactlyInAnyOrder(GlobalStatus.COMMITTED, GlobalStatus.ROLLED_BACK);
    }

    static class Local {
        private final JdbcTemplate jdbc;

        Local(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @GlobalTransactional
        @Transactional
        public void insert(boolean fail) {
            jdbc.update("insert into account values (1)");
            if (fail) {
                throw new IllegalStateException("no");
            }
        }
    }

    private ApplicationContextRunner withDatabase() {
        return contexts.withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .withPropertyValues("spring.datasource.generate-unique-name=true")
                .withBean(Local.class);
    }

    /** Counts the rows that others see, over a connection of its own, when the global commit or rollback comes. */
    static class Observer implements TransactionHook {
        private final JdbcTemplate jdbc;
        private final List<String> seen = new ArrayList<>();

        Observer(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        private void look(String step) {
            Integer rows = jdbc.queryForObject("select count(*) from account", Integer.class);
            boolean open = TransactionSynchronizationManager.isActualTransactionActive();
            seen.add(step + ": " + rows + " row(s), local transaction " + (open ? "open" : "ended"));
        }

        @Override
        public void afterBegin() {
            look("global begin");
        }

        @Override
        public void beforeCommit() {
            look("global commit");
        }

        @Override
        public void beforeRollback() {
            look("global rollback");
        }
    }

    @Test
    void on_one_method_transactional_is_inside_of_global_transactional() {
        withDatabase().withBean(Observer.class).run(context -> {
            context.getBean(JdbcTemplate.class).execute("create table account (id int primary key)");
            Local service = context.getBean(Local.class);
            assertThatThrownBy(() -> service.insert(true)).hasMessage("no");
            service.insert(false);
            assertThat(context.getBean(Observer.class).seen)
                    .containsExactly(
                            "global begin: 0 row(s), local transaction ended",
                            "global rollback: 0 row(s), local transaction ended",
                            "global begin: 0 row(s), local transaction ended",
                            "global commit: 1 row(s), local transaction ended");
        });
    }

    /** With equal orders the advice registered first would be outside, which is luck. */
    @Test
    void the_order_of_the_advice_is_lower_than_that_of_transactional_and_can_be_set() {
        withDatabase()
                .run(context -> assertThat(context.getBean(GlobalTransactionalAdvisor.class)
                                .getOrder())
                        .isEqualTo(2_147_482_647)
                        .isLessThan(context.getBean(BeanFactoryTransactionAttributeSourceAdvisor.class)
                                .getOrder()));
        contexts.withPropertyValues("entente.advisor-order=7")
                .run(context -> assertThat(context.getBean(GlobalTransactionalAdvisor.class)
                                .getOrder())
                        .isEqualTo(7));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class AsyncConfiguration {
        @Bean
        SimpleAsyncTaskExecutor taskExecutor() {
            SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
            executor.setTaskDecorator(new ContextPropagatingTaskDecorator());
            return executor;
        }
    }

    static class AsyncService {
        @Async
        public CompletableFuture<String> xid() {
            return CompletableFuture.completedFuture(String.valueOf(TransactionContext.xid()));
        }
    }

    static class AsyncCaller {
        private final AsyncService service;

        AsyncCaller(AsyncService service) {
            this.service = service;
        }

        @GlobalTransactional
        public boolean sameTransaction() {
            return service.xid().join().equals(TransactionContext.xid());
        }
    }

    @Test
    void async_methods_take_the_transaction_along_with_the_context_propagating_decorator() {
        contexts.withUserConfiguration(AsyncConfiguration.class)
                .withBean(AsyncService.class)
                .withBean(AsyncCaller.class)
                .run(context -> assertThat(context.getBean(AsyncCaller.class).sameTransaction())
                        .isTrue());
    }
}
