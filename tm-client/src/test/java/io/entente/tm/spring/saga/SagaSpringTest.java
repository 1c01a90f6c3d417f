package io.entente.tm.spring.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.configuration.ConfigurationCheckAutoConfiguration;
import io.entente.configuration.InvalidSetupException;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.GlobalTransactional;
import io.entente.tm.TransactionContext;
import io.entente.tm.saga.Compensable;
import io.entente.tm.saga.InvalidSagaException;
import io.entente.tm.saga.Saga;
import io.entente.tm.saga.Sagas;
import io.entente.tm.spring.EntenteAutoConfiguration;
import io.entente.tm.spring.tcc.TccAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.util.AopTestUtils;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Sagas and {@code @Compensable} in real Spring contexts, with a real coordinator and H2. */
class SagaSpringTest {

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
                        TccAutoConfiguration.class,
                        SagaAutoConfiguration.class))
                .withPropertyValues("entente.server=" + coordinator.address(), "spring.application.name=travel");
        contexts = withoutDatabase
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                        "entente.tcc.fence.create-table=true");
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    private void awaitEnded() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> {
                    coordinator.advanceTime(Duration.ofSeconds(20));
                    return coordinator
                                    .coordinator()
                                    .coordinator()
                                    .ask(view -> view.state().transactions().size())
                                    .join()
                            == 0;
                });
    }

    record Car(String city, int number) {}

    /** Takes cars from a table. */
    static class Cars {
        final JdbcTemplate jdbc;
        final List<String> log = new CopyOnWriteArrayList<>();
        final AtomicInteger failures = new AtomicInteger();

        Cars(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
            jdbc.execute("CREATE TABLE IF NOT EXISTS cars (free INT)");
            jdbc.update("INSERT INTO cars VALUES (10)");
        }

        @Transactional
        @Compensable(compensationMethod = "release")
        public Car reserve(String city, int number) {
            log.add("+" + city + " in " + TransactionContext.xid());
            jdbc.update("UPDATE cars SET free = free - ?", number);
            if (number > 5) {
                throw new IllegalArgumentException("too many");
            }
            return new Car(city, number);
        }

        public void release(String city, int number, @Nullable Car reserved) {
            log.add("-" + city + " " + reserved);
            jdbc.update("UPDATE cars SET free = free + ?", number);
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
        }

        int free() {
            return jdbc.queryForObject("SELECT free FROM cars", Integer.class);
        }
    }

    /** Sends letters, which no database knows of. */
    static class Letters {
        final List<String> log = new CopyOnWriteArrayList<>();

        @Compensable(name = "send letter", compensationMethod = "recall", fenced = false)
        public void send(String text) {
            log.add("+" + text);
            if (text.equals("lost")) {
                throw new IllegalStateException("lost");
            }
        }

        public void recall(String text) {
            log.add("-" + text);
        }
    }

    static class Trips {
        private final Cars cars;
        private final Letters letters;

        Trips(Cars cars, Letters letters) {
            this.cars = cars;
            this.letters = letters;
        }

        @GlobalTransactional
        public String book(int number, String letter) {
            Car car = cars.reserve("Lisbon", 1);
            letters.send("first");
            cars.reserve("Porto", number);
            letters.send(letter);
            return car.city();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Travel {
        @Bean
        Cars cars(JdbcTemplate jdbc) {
            return new Cars(jdbc);
        }

        @Bean
        Letters letters() {
            return new Letters();
        }

        @Bean
        Trips trips(Cars cars, Letters letters) {
            return new Trips(cars, letters);
        }
    }

    /** Behind its proxy, where its fields are. */
    private static Cars cars(AssertableApplicationContext context) {
        return AopTestUtils.getTargetObject(context.getBean(Cars.class));
    }

    private static List<String> letters(AssertableApplicationContext context) {
        Letters behindProxy = AopTestUtils.getTargetObject(context.getBean(Letters.class));
        return behindProxy.log;
    }

    @Test
    void annotated_steps_take_effect_when_the_transaction_commits() {
        contexts.withUserConfiguration(Travel.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(Trips.class).book(2, "second")).isEqualTo("Lisbon");
            awaitEnded();
            assertThat(cars(context).free()).isEqualTo(7);
            assertThat(cars(context).log).containsExactly("+Lisbon in null", "+Porto in null");
            assertThat(letters(context)).containsExactly("+first", "+second");
        });
    }

    @Test
    void annotated_steps_are_compensated_in_reverse_with_their_arguments_and_results() {
        contexts.withUserConfiguration(Travel.class).run(context -> {
            Cars cars = cars(context);
            cars.failures.set(2);
            assertThatThrownBy(() -> context.getBean(Trips.class).book(2, "lost"))
                    .hasMessage("lost");
            awaitEnded();
            assertThat(cars.free()).isEqualTo(10);
            assertThat(cars.log)
                    .containsExactly(
                            "+Lisbon in null",
                            "+Porto in null",
                            "-Porto Car[city=Porto, number=2]",
                            "-Porto Car[city=Porto, number=2]",
                            "-Porto Car[city=Porto, number=2]",
                            "-Lisbon Car[city=Lisbon, number=1]");
            assertThat(letters(context)).containsExactly("+first", "+lost", "-lost", "-first");
        });
    }

    @Test
    void a_fenced_step_that_failed_has_nothing_to_compensate() {
        contexts.withUserConfiguration(Travel.class).run(context -> {
            assertThatThrownBy(() -> context.getBean(Trips.class).book(6, "second"))
                    .hasMessage("too many");
            awaitEnded();
            assertThat(cars(context).free()).isEqualTo(10);
            assertThat(cars(context).log)
                    .containsExactly("+Lisbon in null", "+Porto in null", "-Lisbon Car[city=Lisbon, number=1]");
        });
    }

    @Test
    void a_step_whose_time_is_up_is_compensated_after_it_has_ended() {
        contexts.withUserConfiguration(Travel.class).run(context -> {
            Letters letters = context.getBean(Letters.class);
            assertThatThrownBy(() -> context.getBean(GlobalTransactionTemplate.class)
                            .execute("slow", () -> {
                                letters.send("one");
                                coordinator.advanceTime(Duration.ofSeconds(61));
                                letters.send("two");
                                return "done";
                            }))
                    .hasMessageContaining("send letter");
            awaitEnded();
            assertThat(letters(context)).containsExactly("+one", "-one");
        });
    }

    @Test
    void outside_of_a_transaction_a_step_is_an_ordinary_method() {
        contexts.withUserConfiguration(Travel.class).run(context -> {
            assertThat(context.getBean(Cars.class).reserve("Faro", 3)).isEqualTo(new Car("Faro", 3));
            assertThat(cars(context).free()).isEqualTo(7);
            assertThat(cars(context).jdbc.queryForObject("SELECT COUNT(*) FROM tcc_fence_log", Integer.class))
                    .isZero();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class SagaBean {
        @Bean
        List<String> log() {
            return new CopyOnWriteArrayList<>();
        }

        @Bean
        Saga<String> trip(List<String> log) {
            return trip(log, () -> {});
        }

        static Saga<String> trip(List<String> log, Runnable end) {
            return Saga.named("trip", String.class)
                    .step("a", call -> {
                        log.add("+a " + call.input());
                        end.run();
                    })
                    .compensate(call -> log.add("-a " + call.input()))
                    .build();
        }
    }

    @Test
    void a_saga_that_is_a_bean_is_run_and_carried_on_for_instances_that_died() {
        withoutDatabase.withUserConfiguration(SagaBean.class).run(context -> {
            assertThat(context).hasNotFailed();
            List<String> log = context.getBean("log", List.class);
            Saga<String> saga = context.getBean("trip", Saga.class);
            assertThat(context.getBean(Sagas.class).run(saga, "x").steps()).containsExactly("a");
            assertThat(log).containsExactly("+a x");

            EntenteClient dying = EntenteClient.connect(ClientSettings.of(coordinator.address())
                    .withApplicationId("travel")
                    .withPatience(Duration.ofSeconds(1), Duration.ofSeconds(1)));
            try (Sagas sagas = Sagas.of(dying)) {
                assertThatThrownBy(() -> sagas.run(
                                SagaBean.trip(new CopyOnWriteArrayList<>(), () -> {
                                    dying.close();
                                    throw new OutOfMemoryError("the end");
                                }),
                                "y"))
                        .hasMessage("the end");
            }
            awaitEnded();
            assertThat(log).containsExactly("+a x", "-a y");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoSagas extends SagaBean {
        @Bean
        Saga<String> another(List<String> log) {
            return trip(log, () -> {});
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class BadSaga {
        @Bean
        Saga<String> trip() {
            return Saga.named("trip", String.class).step("a", call -> {}).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoLetters {
        @Bean
        Letters one() {
            return new Letters();
        }

        @Bean
        Letters two() {
            return new Letters();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ManyLetters {
        @Bean
        @Scope("prototype")
        Letters letters() {
            return new Letters();
        }
    }

    /** Fenced, but without what the fence needs. */
    static class Stamps {
        @Compensable(compensationMethod = "scrape")
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void stick(String letter) {}

        public void scrape(String letter) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class WithStamps {
        @Bean
        Stamps stamps() {
            return new Stamps();
        }
    }

    private static InvalidSetupException setupFailure(AssertableApplicationContext context) {
        Throwable failure = context.getStartupFailure();
        while (failure != null && !(failure instanceof InvalidSetupException)) {
            failure = failure.getCause();
        }
        assertThat(failure).as("start-up failure of %s", context).isNotNull();
        return (InvalidSetupException) failure;
    }

    @Test
    void wrong_declarations_stop_the_start() {
        withoutDatabase.withUserConfiguration(TwoSagas.class).run(context -> {
            assertThat(setupFailure(context)).hasMessageContaining("two sagas named 'trip'");
            assertThat(setupFailure(context).action()).contains("Saga.named(…)");
        });
        withoutDatabase
                .withUserConfiguration(BadSaga.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(InvalidSagaException.class)
                        .hasMessageContaining("Step 'a' of saga 'trip' has no compensation"));
        withoutDatabase.withUserConfiguration(TwoLetters.class).run(context -> {
            assertThat(setupFailure(context)).hasMessageContaining("two steps named 'send letter'");
            assertThat(setupFailure(context).action()).contains("@Compensable(name =");
        });
        withoutDatabase
                .withUserConfiguration(ManyLetters.class)
                .run(context -> assertThat(setupFailure(context)).hasMessageContaining("is no singleton"));
    }

    @Test
    void a_fence_that_cannot_be_stops_the_start() {
        withoutDatabase.withUserConfiguration(WithStamps.class).run(context -> {
            assertThat(setupFailure(context)).hasMessageContaining("@Compensable on Stamps.stick");
            assertThat(setupFailure(context).action())
                    .contains("@Compensable(…, fenced = false)")
                    .doesNotContain("TwoPhase");
        });
        contexts.withUserConfiguration(WithStamps.class)
                .run(context -> assertThat(setupFailure(context))
                        .hasMessageContaining("@Compensable on Stamps.stick")
                        .hasMessageContaining("REQUIRES_NEW"));
    }

    @Test
    void settings_are_checked_and_can_turn_it_off() {
        withoutDatabase
                .withPropertyValues("entente.saga.threads=0")
                .run(context -> assertThat(setupFailure(context)).hasMessageContaining("entente.saga.threads=0"));
        withoutDatabase
                .withPropertyValues("entente.saga.patience=0s")
                .run(context -> assertThat(setupFailure(context)).hasMessageContaining("entente.saga.patience"));
        withoutDatabase
                .withPropertyValues("entente.saga.thread=3")
                .run(context ->
                        assertThat(setupFailure(context)).hasMessageContaining("Did you mean entente.saga.threads"));
        withoutDatabase
                .withPropertyValues("entente.saga.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Sagas.class));
        withoutDatabase.run(context -> assertThat(context).hasNotFailed().hasSingleBean(Sagas.class));
    }
}
