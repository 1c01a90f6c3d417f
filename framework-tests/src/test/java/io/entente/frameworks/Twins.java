package io.entente.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The same application twice, each on a database of its own: once with Entente, and once without it, where
 * {@code GlobalTransactional} means nothing. What the one commits must be what the other has; what the one rolls back
 * must be gone, although the other has it.
 */
public final class Twins implements AutoCloseable {

    private final EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
    private final Twin with;
    private final Twin without;

    private record Twin(ConfigurableApplicationContext context, Store store, Consumer<ApplicationContext> seed) {

        void reset() {
            store.clear();
            seed.accept(context);
        }
    }

    private Twins(
            Class<?> application, TestDatabase.Kind kind, Consumer<ApplicationContext> seed, String... properties) {
        String[] packages = application.getPackageName().split("\\.");
        String name = packages[packages.length - 1];
        Map<String, Object> entente =
                Map.of("entente.server", coordinator.address(), "entente.at.create-undo-log-table", true);
        Map<String, Object> none = Map.of(
                "spring.autoconfigure.exclude",
                "io.entente.tm.spring.EntenteAutoConfiguration,io.entente.tm.spring.EntenteHttpAutoConfiguration");
        with = twin(application, kind, name, seed, entente, properties);
        without = twin(application, kind, name + "_twin", seed, none, properties);
    }

    /** An application whose tables Spring Boot makes from {@code schema-<kind>.sql}. */
    public static Twins onTheShopsTables(Class<?> application, TestDatabase.Kind kind, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.sql.init.mode=always");
        all.add("spring.sql.init.platform=" + kind.name().toLowerCase(Locale.ROOT));
        return new Twins(
                application,
                kind,
                context -> TestDatabase.runScript(context.getBean(DataSource.class), "seed.sql"),
                all.toArray(String[]::new));
    }

    /**
     * An application that makes its tables itself.
     *
     * @param seed inserts the rows that each proof begins with, outside of global transactions
     */
    public static Twins onTablesOfItsOwn(
            Class<?> application, TestDatabase.Kind kind, Consumer<ApplicationContext> seed, String... properties) {
        return new Twins(application, kind, seed, properties);
    }

    private static Twin twin(
            Class<?> application,
            TestDatabase.Kind kind,
            String database,
            Consumer<ApplicationContext> seed,
            Map<String, Object> entente,
            String... properties) {
        TestDatabase server = TestDatabase.of(kind);
        DataSource plain = server.newDatabase(database);
        ConfigurableApplicationContext context = new SpringApplicationBuilder(application, Checkout.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.application.name=shop",
                        "spring.main.banner-mode=off",
                        "spring.datasource.url=" + server.jdbcUrl(database),
                        "spring.datasource.username=" + server.user(),
                        "spring.datasource.password=" + server.password(),
                        "spring.datasource.hikari.maximum-pool-size=4")
                .properties(entente)
                .properties(properties)
                .run();
        return new Twin(context, new Store(kind, plain), seed);
    }

    /**
     * Does the work inside a global transaction that rolls back, and inside one that commits.
     *
     * @param work several local transactions of the application; what it returns must be the same in both applications
     * @return what it returned where it was committed
     */
    public <T> T prove(Function<ApplicationContext, T> work) {
        proveUndone(work);
        return proveCommitted(work);
    }

    /** After a global rollback each table is as before, although the local transactions had committed. */
    public void proveUndone(Function<ApplicationContext, ?> work) {
        reset();
        Map<String, List<String>> before = with.store.content();
        for (Twin twin : List.of(without, with)) {
            Checkout checkout = twin.context.getBean(Checkout.class);
            assertThatThrownBy(() -> checkout.declined(() -> work.apply(twin.context)))
                    .isInstanceOf(Checkout.Declined.class);
        }
        assertThat(without.store.content()).as("what there is to undo").isNotEqualTo(before);
        awaitNothingLeft();
        assertThat(with.store.content()).as("after the rollback").isEqualTo(before);
    }

    private <T> T proveCommitted(Function<ApplicationContext, T> work) {
        reset();
        T expected = without.context.getBean(Checkout.class).accepted(() -> work.apply(without.context));
        T told = with.context.getBean(Checkout.class).accepted(() -> work.apply(with.context));
        assertThat(told).as("what the application was told").isEqualTo(expected);
        assertThat(with.store.content()).as("after the commit").isEqualTo(without.store.content());
        awaitNothingLeft();
        return told;
    }

    private void reset() {
        with.reset();
        without.reset();
    }

    private void awaitNothingLeft() {
        await().atMost(60, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    assertThat(left(coordinator)).isEmpty();
                    assertThat(with.store.undoRows()).isEmpty();
                });
    }

    /** Transactions that have not ended, and locks. */
    public static List<String> left(EmbeddedCoordinator coordinator) {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> {
                    List<String> left = new ArrayList<>();
                    view.state().transactions().forEach(each -> left.add(each.toString()));
                    view.state().locks().forEach((row, lock) -> left.add(row.toString()));
                    return left;
                })
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** The application with Entente. */
    public ApplicationContext context() {
        return with.context;
    }

    /** Its database. */
    public Store store() {
        return with.store;
    }

    @Override
    public void close() {
        with.context.close();
        without.context.close();
        coordinator.close();
    }
}
