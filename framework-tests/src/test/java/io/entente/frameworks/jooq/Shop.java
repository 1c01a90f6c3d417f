package io.entente.frameworks.jooq;

import static io.entente.frameworks.jooq.Customer.CUSTOMER;
import static io.entente.frameworks.jooq.Stock.STOCK;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.conf.SettingsTools;
import org.jooq.impl.DSL;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Each method is a local transaction. */
@Service
@Transactional
class Shop {

    private final DSLContext dsl;

    Shop(DSLContext dsl) {
        this.dsl = dsl;
    }

    /** INSERT … RETURNING. */
    long register(String name) {
        return dsl.insertInto(CUSTOMER, CUSTOMER.name, CUSTOMER.credit, CUSTOMER.version)
                .values(name, new BigDecimal("70.00"), 0L)
                .returningResult(CUSTOMER.id)
                .fetchSingle()
                .value1();
    }

    List<Long> registerAll(String first, String second) {
        return dsl.insertInto(CUSTOMER, CUSTOMER.name, CUSTOMER.credit, CUSTOMER.version)
                .values(first, BigDecimal.ONE, 0L)
                .values(second, BigDecimal.TEN, 0L)
                .returningResult(CUSTOMER.id)
                .fetch(CUSTOMER.id);
    }

    Customer.Row customer(String name) {
        return dsl.fetchSingle(CUSTOMER, CUSTOMER.name.eq(name));
    }

    /** An updatable record with a version. */
    long charge(Customer.Row customer, BigDecimal amount) {
        customer.set(CUSTOMER.credit, customer.get(CUSTOMER.credit).subtract(amount));
        var unused = customer.store();
        return customer.get(CUSTOMER.version);
    }

    /** A new record, which gets its id, and is changed, and one that is deleted. */
    long replace(String old, String name) {
        Customer.Row row = dsl.newRecord(CUSTOMER);
        row.set(CUSTOMER.name, name);
        row.set(CUSTOMER.credit, BigDecimal.ZERO);
        var stored = row.store();
        row.set(CUSTOMER.credit, BigDecimal.TEN);
        var deleted = row.store() + customer(old).delete();
        return row.get(CUSTOMER.id) * 100 + stored * 10L + deleted;
    }

    int deliver(String item, int amount) {
        return dsl.insertInto(STOCK, STOCK.item, STOCK.amount)
                .values(item, amount)
                .onDuplicateKeyUpdate()
                .set(STOCK.amount, STOCK.amount.plus(amount))
                .execute();
    }

    int deliverOnConflict(String item, int amount) {
        return dsl.insertInto(STOCK)
                .set(STOCK.item, item)
                .set(STOCK.amount, amount)
                .onConflict(STOCK.item)
                .doUpdate()
                .set(STOCK.note, "more")
                .execute();
    }

    int deliverUnlessThere(String item) {
        return dsl.insertInto(STOCK, STOCK.item, STOCK.amount)
                .values(item, 1)
                .onConflictDoNothing()
                .execute();
    }

    int merge(String item, int amount) {
        return dsl.mergeInto(STOCK)
                .using(DSL.select(DSL.val(item).as("item"), DSL.val(amount).as("amount"))
                        .asTable("delivered"))
                .on(STOCK.item.eq(DSL.field(DSL.name("delivered", "item"), String.class)))
                .whenMatchedThenUpdate()
                .set(STOCK.amount, STOCK.amount.plus(DSL.field(DSL.name("delivered", "amount"), Integer.class)))
                .whenNotMatchedThenInsert(STOCK.item, STOCK.amount)
                .values(
                        DSL.field(DSL.name("delivered", "item"), String.class),
                        DSL.field(DSL.name("delivered", "amount"), Integer.class))
                .execute();
    }

    /** New and changed records in JDBC batches. */
    List<Integer> batchStore() {
        List<Stock.Row> rows = new ArrayList<>();
        for (Stock.Row row :
                dsl.selectFrom(STOCK).orderBy(STOCK.item).forUpdate().fetch()) {
            row.set(STOCK.amount, row.get(STOCK.amount) + 1);
            rows.add(row);
        }
        for (String item : List.of("rod", "cam", "pin")) {
            Stock.Row row = dsl.newRecord(STOCK);
            row.set(STOCK.item, item);
            row.set(STOCK.amount, 3);
            rows.add(row);
        }
        return Arrays.stream(dsl.batchStore(rows).execute()).boxed().toList();
    }

    /** Optimistic locking without a version column: jOOQ reads the row for update and compares. */
    int recount(String item, int amount) {
        DSLContext comparing = DSL.using(dsl.configuration()
                .derive(SettingsTools.clone(dsl.settings()).withExecuteWithOptimisticLockingExcludeUnversioned(false)));
        Stock.Row row = comparing.fetchSingle(STOCK, STOCK.item.eq(item));
        row.set(STOCK.amount, amount);
        return row.store();
    }

    int take(String item, int amount) {
        int there = dsl.select(STOCK.amount)
                .from(STOCK)
                .where(STOCK.item.eq(item))
                .forUpdate()
                .fetchSingle()
                .value1();
        return dsl.update(STOCK)
                .set(STOCK.amount, there - amount)
                .where(STOCK.item.eq(item))
                .execute();
    }

    int drop(int most) {
        return dsl.deleteFrom(STOCK).where(STOCK.amount.le(most)).execute();
    }

    /** A transaction of jOOQ inside that of Spring is a savepoint. */
    String nested() {
        var before = take("nut", 1);
        try {
            dsl.transaction(inner -> {
                var unused = inner.dsl().deleteFrom(STOCK).execute();
                throw new IllegalStateException("all gone");
            });
            return "gone";
        } catch (IllegalStateException e) {
            return e.getMessage() + before + take("bolt", 1);
        }
    }
}
