package io.entente.frameworks.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.frameworks.Twins;
import io.entente.testkit.database.TestDatabase;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.exception.DataChangedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.Kind.class)
class JooqTest {

    private static Twins twins;

    private final TestDatabase.Kind kind;

    JooqTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeParameterizedClassInvocation
    static void start(TestDatabase.Kind kind) {
        twins = Twins.onTheShopsTables(JooqApplication.class, kind);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        twins.close();
    }

    @Test
    void inserts_that_return_their_keys_updates_and_deletes_are_one() {
        List<Object> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            return List.of(shop.register("eve"), shop.registerAll("joe", "sue"), shop.take("nut", 30), shop.drop(50));
        });
        assertThat(told).containsExactly(3L, List.of(4L, 5L), 1, 2);
    }

    @Test
    void upserts_insert_or_update_as_ever() {
        List<Integer> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            return List.of(
                    shop.deliver("nut", 1),
                    shop.deliver("rod", 2),
                    shop.deliverOnConflict("nut", 3),
                    shop.deliverOnConflict("cam", 4),
                    shop.deliverUnlessThere("nut"),
                    shop.deliverUnlessThere("pin"));
        });
        assertThat(told).hasSize(6);
        assertThat(twins.store().query("SELECT item, amount, note FROM stock"))
                .containsExactly(
                        "bolt | 50 | M8",
                        "cam | 4 | null",
                        "cog | 10 | null",
                        "nut | 101 | more",
                        "pin | 1 | null",
                        "rod | 2 | null");
    }

    @Test
    void merge_is_undone_where_there_is_one() {
        List<Integer> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            return switch (kind) {
                case H2, POSTGRESQL -> List.of(shop.merge("nut", 5), shop.merge("rod", 6));
                // MariaDB has none.
                case MARIADB -> List.of(shop.deliver("nut", 5), shop.deliver("rod", 6));
            };
        });
        assertThat(told).hasSize(2);
        assertThat(twins.store().query("SELECT item, amount FROM stock"))
                .containsExactly("bolt | 50", "cog | 10", "nut | 105", "rod | 6");
    }

    @Test
    void records_that_are_stored_at_once_are_batches() {
        List<Integer> told = twins.prove(context -> context.getBean(Shop.class).batchStore());
        assertThat(told).hasSize(6);
        assertThat(twins.store().query("SELECT item, amount FROM stock"))
                .containsExactly("bolt | 51", "cam | 3", "cog | 11", "nut | 101", "pin | 3", "rod | 3");
    }

    @Test
    void updatable_records_lock_optimistically() {
        List<Object> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            Customer.Row first = shop.customer("ann");
            Customer.Row second = shop.customer("ann");
            long version = shop.charge(first, BigDecimal.ONE);
            long replaced = shop.replace("bob", "rob");
            int recounted = shop.recount("bolt", 49);
            try {
                return List.of(shop.charge(second, BigDecimal.TEN));
            } catch (DataChangedException e) {
                return List.of(version, replaced, recounted, shop.charge(first, BigDecimal.ONE));
            }
        });
        assertThat(told).containsExactly(1L, 312L, 1, 2L);
        assertThat(twins.store().query("SELECT name, credit, version FROM customer"))
                .containsExactly("ann | 98.00 | 2", "rob | 10.00 | 2");
    }

    @Test
    void a_nested_transaction_of_jooq_leaves_nothing_when_it_rolls_back() {
        String told = twins.prove(context -> context.getBean(Shop.class).nested());
        assertThat(told).isEqualTo("all gone11");
        assertThat(twins.store().query("SELECT item, amount FROM stock"))
                .containsExactly("bolt | 49", "cog | 10", "nut | 99");
    }
}
