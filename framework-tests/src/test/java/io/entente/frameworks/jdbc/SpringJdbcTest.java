package io.entente.frameworks.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.frameworks.Twins;
import io.entente.frameworks.jdbc.Purchases.Line;
import io.entente.testkit.database.TestDatabase;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.Kind.class)
class SpringJdbcTest {

    private static final LocalDateTime NOON = LocalDateTime.of(2026, 7, 1, 12, 0);

    private static Twins twins;

    SpringJdbcTest(TestDatabase.Kind kind) {}

    @BeforeParameterizedClassInvocation
    static void start(TestDatabase.Kind kind) {
        twins = Twins.onTheShopsTables(JdbcApplication.class, kind);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        twins.close();
    }

    @Test
    void a_purchase_through_three_repositories_is_one() {
        List<Object> told = twins.prove(shop -> {
            long eve = shop.getBean(Customers.class).register("eve", new BigDecimal("70.00"));
            long purchase = shop.getBean(Purchases.class)
                    .place(eve, NOON, List.of(new Line("nut", 5), new Line("bolt", 6), new Line("cog", 7)));
            List<Integer> taken =
                    shop.getBean(Stock.class).take(new TreeMap<>(Map.of("nut", 5, "bolt", 6, "cog", 7, "none", 1)));
            boolean charged = shop.getBean(Customers.class).charge(eve, new BigDecimal("12.50"), 0);
            return List.of(eve, purchase, taken, charged);
        });
        assertThat(told).containsExactly(3L, 2L, List.of(1, 1, 0, 1), true);
        assertThat(twins.store().query("SELECT item, amount FROM stock"))
                .containsExactly("bolt | 44", "cog | 3", "nut | 95");
    }

    @Test
    void keys_of_a_batch_are_told_as_the_driver_tells_them() {
        List<Long> keys = twins.prove(shop -> shop.getBean(Purchases.class)
                .addLines(1, List.of(new Line("nut", 1), new Line("cog", 2), new Line("bolt", 3))));
        assertThat(keys).containsExactly(3L, 4L, 5L);
    }

    @Test
    void batches_of_parameters_of_beans_and_of_texts_are_undone() {
        List<Object> told = twins.prove(shop -> {
            Stock stock = shop.getBean(Stock.class);
            return List.of(
                    stock.deliver(List.of(new Stock.Item("rod", 1, "new"), new Stock.Item("cam", 2, null))),
                    stock.severalTexts(),
                    stock.remark(List.of("nut", "rod", "none"), "counted"));
        });
        assertThat(told).containsExactly(List.of(1, 1), List.of(1, 1, 1), 2);
    }

    @Test
    void a_version_that_is_not_the_current_one_updates_nothing() {
        List<Boolean> charged = twins.prove(shop -> {
            Customers customers = shop.getBean(Customers.class);
            return List.of(
                    customers.charge(1, BigDecimal.ONE, 0),
                    customers.charge(1, BigDecimal.ONE, 0),
                    customers.charge(1, BigDecimal.ONE, 1));
        });
        assertThat(charged).containsExactly(true, false, true);
    }

    @Test
    void rows_that_are_read_for_update_changed_and_deleted_come_back() {
        twins.prove(shop -> {
            Purchases purchases = shop.getBean(Purchases.class);
            BigDecimal credit = shop.getBean(Customers.class).creditForUpdate(2);
            int closed = purchases.close(1);
            purchases.cancel(1);
            return List.of(credit, closed, shop.getBean(Customers.class).forget("bob"));
        });
    }

    @Test
    void a_local_rollback_leaves_nothing_in_a_global_transaction_that_commits() {
        String failure = twins.prove(shop -> {
            shop.getBean(TransactionTemplate.class).executeWithoutResult(status -> {
                shop.getBean(Stock.class).severalTexts();
                shop.getBean(Customers.class).forget("bob");
                status.setRollbackOnly();
            });
            shop.getBean(Stock.class).remark(List.of("nut"), "kept");
            try {
                shop.getBean(TransactionTemplate.class).executeWithoutResult(status -> {
                    shop.getBean(Stock.class).remark(List.of("nut", "bolt"), "dropped");
                    shop.getBean(Customers.class).register("ann", BigDecimal.ONE);
                });
                return "none";
            } catch (DuplicateKeyException e) {
                return "duplicate";
            }
        });
        assertThat(failure).isEqualTo("duplicate");
        assertThat(twins.store().query("SELECT item, note FROM stock"))
                .containsExactly("bolt | M8", "cog | null", "nut | kept");
        assertThat(twins.store().query("SELECT name FROM customer")).containsExactly("ann", "bob");
    }
}
