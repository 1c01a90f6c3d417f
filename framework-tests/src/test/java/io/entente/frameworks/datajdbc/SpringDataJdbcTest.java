package io.entente.frameworks.datajdbc;

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
import org.springframework.dao.OptimisticLockingFailureException;

@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.Kind.class)
class SpringDataJdbcTest {

    private static Twins twins;

    SpringDataJdbcTest(TestDatabase.Kind kind) {}

    @BeforeParameterizedClassInvocation
    static void start(TestDatabase.Kind kind) {
        twins = Twins.onTheShopsTables(DataJdbcApplication.class, kind);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        twins.close();
    }

    @Test
    void an_aggregate_is_saved_changed_and_deleted_with_its_children() {
        List<Object> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            Customer eve = shop.register("eve");
            List<Object> placed = shop.place(eve.id(), "nut", "bolt", "cog");
            List<Object> changed = shop.change((Long) placed.get(0));
            return List.of(eve, placed, changed, shop.cancel("OPEN"));
        });
        assertThat(told).endsWith(1);
        assertThat(twins.store().query("SELECT purchase, purchase_key, item, amount FROM purchase_line"))
                .containsExactly("2 | 0 | bolt | 2", "2 | 1 | cog | 2", "2 | 2 | cog | 9");
    }

    @Test
    void rows_saved_at_once_get_their_ids() {
        List<Customer> saved =
                twins.prove(context -> context.getBean(Shop.class).registerAll(List.of("eve", "joe", "sue")));
        assertThat(saved).extracting(Customer::id).containsExactly(3L, 4L, 5L);
    }

    @Test
    void optimistic_locking_fails_for_who_is_late() {
        List<Object> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            Customer read = shop.customer("ann");
            Customer charged = shop.charge(read, BigDecimal.ONE);
            try {
                return List.of(shop.charge(read, BigDecimal.TEN));
            } catch (OptimisticLockingFailureException e) {
                return List.of(charged, "late", shop.charge(charged, new BigDecimal("0.50")));
            }
        });
        assertThat(told).contains("late");
        assertThat(twins.store().query("SELECT credit, version FROM customer WHERE name = 'ann'"))
                .containsExactly("98.50 | 2");
    }

    @Test
    void natural_ids_modifying_queries_and_locking_reads_are_undone() {
        List<Object> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            Stock rod = shop.deliver(new Stock("rod", 7, null));
            int taken = shop.take("nut", 30);
            int refused = shop.take("cog", 30);
            shop.recount("bolt", 44);
            shop.drop("cog");
            return List.of(rod, taken, refused);
        });
        assertThat(told).containsExactly(new Stock("rod", 7, null), 1_100, 10);
    }

    @Test
    void a_local_rollback_leaves_nothing_in_a_global_transaction_that_commits() {
        twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            shop.drop("cog");
            try {
                shop.recount("bolt", -1);
                return "kept";
            } catch (IllegalArgumentException e) {
                return "rolled back";
            }
        });
        assertThat(twins.store().query("SELECT item, amount, note FROM stock"))
                .containsExactly("bolt | 50 | M8", "nut | 100 | null");
    }
}
