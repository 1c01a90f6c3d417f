package io.entente.frameworks.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.frameworks.Twins;
import io.entente.testkit.database.TestDatabase;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.Kind.class)
class MyBatisTest {

    private static Twins twins;

    private final TestDatabase.Kind kind;

    MyBatisTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeParameterizedClassInvocation
    static void start(TestDatabase.Kind kind) {
        twins = Twins.onTheShopsTables(MyBatisApplication.class, kind);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        twins.close();
    }

    @Test
    void inserts_updates_and_deletes_of_several_services_are_one() {
        List<Object> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            return List.of(
                    shop.register("eve"),
                    shop.deliver(new Stock("rod", 4, null)),
                    shop.take("nut", 5),
                    shop.raise(2),
                    shop.delete(2),
                    shop.deleteUpTo(10));
        });
        assertThat(told).containsExactly(3L, 1, 1, new BigDecimal("50.00"), 1, 2);
    }

    @Test
    void a_foreach_insert_gets_its_keys() {
        List<String> told =
                twins.prove(context -> context.getBean(Shop.class).registerAll(List.of("eve", "joe", "sue")));
        // MariaDB's driver tells the first key only, with Entente or without.
        assertThat(told)
                .isEqualTo(
                        kind == TestDatabase.Kind.MARIADB
                                ? List.of("eve:3", "joe:null", "sue:null")
                                : List.of("eve:3", "joe:4", "sue:5"));
        assertThat(twins.store().query("SELECT id, name FROM customer"))
                .containsExactly("1 | ann", "2 | bob", "3 | eve", "4 | joe", "5 | sue");
    }

    @Test
    void a_batch_session_tells_its_counts_and_keys() {
        List<Object> told = twins.prove(context -> context.getBean(Shop.class).batch(List.of("eve", "joe", "sue")));
        assertThat(told).endsWith(3L, 4L, 5L);
        assertThat(twins.store().query("SELECT item, amount FROM stock"))
                .containsExactly("bolt | 48", "cog | 10", "nut | 99");
    }

    @Test
    void a_version_that_is_not_the_current_one_updates_nothing() {
        List<Integer> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            Customer first = shop.customer("ann");
            Customer second = shop.customer("ann");
            return List.of(shop.charge(first, BigDecimal.ONE), shop.charge(second, BigDecimal.TEN));
        });
        assertThat(told).containsExactly(1, 0);
    }

    @Test
    void a_local_rollback_leaves_nothing_in_a_global_transaction_that_commits() {
        twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            try {
                return shop.take("nut", 1) + shop.deliver(new Stock("rod", -1, null));
            } catch (IllegalArgumentException e) {
                return shop.take("nut", 2);
            }
        });
        assertThat(twins.store().query("SELECT item, amount FROM stock"))
                .containsExactly("bolt | 50", "cog | 10", "nut | 97");
    }
}
