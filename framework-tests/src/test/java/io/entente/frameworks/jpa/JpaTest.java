package io.entente.frameworks.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.frameworks.Twins;
import io.entente.testkit.database.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.OptimisticLockingFailureException;

@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.Kind.class)
class JpaTest {

    private static Twins twins;

    private final TestDatabase.Kind kind;

    JpaTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeParameterizedClassInvocation
    static void start(TestDatabase.Kind kind) {
        twins = Twins.onTablesOfItsOwn(
                JpaApplication.class,
                kind,
                context -> context.getBean(Shop.class).open(),
                "spring.jpa.hibernate.ddl-auto=create",
                "spring.jpa.open-in-view=false",
                "spring.jpa.properties.hibernate.jdbc.batch_size=20",
                "spring.jpa.properties.hibernate.order_inserts=true",
                "spring.jpa.properties.hibernate.order_updates=true",
                bulkStatements(kind));
    }

    /** Over joined tables, Hibernate uses temporary tables by default, except on PostgreSQL. */
    private static String bulkStatements(TestDatabase.Kind kind) {
        return switch (kind) {
            case POSTGRESQL -> "spring.jpa.show-sql=false";
            case H2, MARIADB ->
                "spring.jpa.properties.hibernate.query.mutation_strategy="
                        + "org.hibernate.query.sqm.mutation.internal.inline.InlineMutationStrategy";
        };
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        twins.close();
    }

    @Test
    void entities_with_collections_are_inserted_in_batches() {
        List<Long> ids = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            List<Long> told = new ArrayList<>(shop.register("one", 1));
            told.addAll(shop.register("many", 60));
            return told;
        });
        assertThat(ids).hasSize(61).doesNotHaveDuplicates();
        assertThat(twins.store().query("SELECT count(*) FROM customer_phones")).containsExactly("125");
    }

    @Test
    void ids_of_identity_columns_are_those_of_the_rows() {
        List<Long> ids = twins.prove(context -> context.getBean(Shop.class).buy("bob"));
        assertThat(ids).containsExactly(3L, 4L);
        assertThat(twins.store().query("SELECT id FROM purchase")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void large_objects_documents_and_collections_that_change_come_back() {
        twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            shop.changeEverything("ann");
            shop.remark("ann");
            shop.forget("bob");
            return shop.customer("ann").version;
        });
        assertThat(twins.store().query("SELECT remarks FROM customer_remarks")).containsExactly("again", "rich");
        assertThat(twins.store().query("SELECT phones FROM customer_phones")).containsExactly("2", "9");
    }

    @Test
    void optimistic_locking_fails_for_who_is_late() {
        List<Object> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            Customer first = shop.customer("bob");
            Customer second = shop.customer("bob");
            long version = shop.rename(first, "rob");
            try {
                return List.of(shop.rename(second, "bert"));
            } catch (OptimisticLockingFailureException e) {
                return List.of(version, "late");
            }
        });
        assertThat(told).contains("late");
        assertThat(twins.store().query("SELECT name FROM customer")).containsExactly("ann", "rob");
    }

    @Test
    void versioned_updates_go_in_batches() {
        twins.prove(context -> {
            context.getBean(Shop.class).recount(7);
            return context.getBean(Shop.class).take("nut", 3);
        });
        assertThat(twins.store().query("SELECT item, amount FROM stock"))
                .containsExactly("bolt | 7", "cog | 7", "nut | 4");
    }

    @Test
    void bulk_updates_and_deletes_of_jpql_are_undone() {
        List<Integer> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            List<Integer> counts = new ArrayList<>(shop.bulk());
            counts.add(shop.cap());
            return counts;
        });
        assertThat(told).containsExactly(2, 1, 3);
        assertThat(twins.store().query("SELECT name, credit, version FROM customer"))
                .containsExactly("ann | 110.00 | 1");
    }

    @Test
    void native_statements_that_return_rows_are_undone() {
        Object told = twins.prove(context -> context.getBean(Shop.class)
                .nativeInsert(
                        switch (kind) {
                            case H2 ->
                                "SELECT item FROM FINAL TABLE (INSERT INTO stock (item, version, amount) VALUES ('rod', 0, 3)) t";
                            case POSTGRESQL, MARIADB ->
                                "INSERT INTO stock (item, version, amount) VALUES ('rod', 0, 3) RETURNING item";
                        }));
        assertThat(told).isEqualTo("rod");
    }

    @Test
    void bulk_statements_over_joined_tables_are_undone() {
        List<Integer> told = twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            return List.of(
                    shop.query("update CardPayment p set p.state = 'DONE', p.card = 'x' where p.card = 'visa'"),
                    shop.query("update Payment p set p.state = 'LATE' where p.state = 'OPEN'"),
                    shop.query("delete from CardPayment p where p.card = 'amex'"));
        });
        assertThat(told).containsExactly(1, 2, 1);
    }

    @Test
    void a_local_rollback_leaves_nothing_in_a_global_transaction_that_commits() {
        twins.prove(context -> {
            Shop shop = context.getBean(Shop.class);
            int taken = shop.take("cog", 1);
            try {
                shop.fail("ann");
            } catch (IllegalArgumentException e) {
                return taken;
            }
            return -1;
        });
        assertThat(twins.store().query("SELECT credit FROM customer")).containsExactly("100.00", "100.00");
        assertThat(twins.store().query("SELECT amount FROM stock WHERE item = 'cog'"))
                .containsExactly("9");
    }
}
