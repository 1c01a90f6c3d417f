package io.entente.frameworks.jpa;

import jakarta.persistence.EntityManager;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Each method is a local transaction. */
@Service
@Transactional
class Shop {

    private final Customers customers;
    private final Purchases purchases;
    private final Stocks stocks;
    private final Payments payments;
    private final EntityManager entities;

    Shop(Customers customers, Purchases purchases, Stocks stocks, Payments payments, EntityManager entities) {
        this.customers = customers;
        this.purchases = purchases;
        this.stocks = stocks;
        this.payments = payments;
        this.entities = entities;
    }

    /** There before the global transaction begins. */
    void open() {
        customers.saveAll(
                List.of(new Customer("ann", "1", "2").buys("c1", "red").buys("c2", "blue"), new Customer("bob", "3")));
        stocks.saveAll(List.of(new Stock("nut", 100), new Stock("bolt", 50), new Stock("cog", 10)));
        payments.saveAll(List.of(new Payment(), new Payment.ByCard("visa"), new Payment.ByCard("amex")));
    }

    /** One insert, then batches of them. */
    List<Long> register(String prefix, int count) {
        return customers
                .saveAll(IntStream.range(0, count)
                        .mapToObj(i -> new Customer(prefix + i, "p" + i, "q" + i))
                        .toList())
                .stream()
                .map(customer -> customer.id)
                .toList();
    }

    List<Long> buy(String name) {
        Customer customer = customers.findByName(name).orElseThrow().buys("c".repeat(10_000), "green");
        customer.buys("short", "grey");
        var unused = customers.saveAndFlush(customer);
        return customer.purchases.stream().map(purchase -> purchase.id).toList();
    }

    void changeEverything(String name) {
        Customer customer = customers.lockByName(name).orElseThrow();
        customer.credit = customer.credit.subtract(BigDecimal.ONE);
        customer.phones.remove("1");
        customer.phones.add("9");
        customer.remarks.addAll(List.of("late", "rich"));
        var removed = customer.purchases.remove(0);
        Purchase kept = customer.purchases.get(0);
        kept.contract = removed.contract + " and more";
        kept.details = java.util.Map.of("color", "black", "size", "L");
    }

    void remark(String name) {
        Customer customer = customers.findByName(name).orElseThrow();
        customer.remarks.remove(0);
        customer.remarks.add("again");
    }

    void forget(String name) {
        customers.delete(customers.findByName(name).orElseThrow());
    }

    Customer customer(String name) {
        return customers.findByName(name).orElseThrow();
    }

    /** Fails when the customer has another version now. */
    long rename(Customer detached, String name) {
        detached.name = name;
        return customers.saveAndFlush(detached).version;
    }

    List<Integer> bulk() {
        return List.of(customers.reward(BigDecimal.TEN, new BigDecimal("50")), customers.deleteByPattern("b%"));
    }

    int take(String item, int amount) {
        return stocks.take(item, amount);
    }

    int cap() {
        return stocks.cap();
    }

    /** Many changes of versioned entities in one flush: batches. */
    void recount(int amount) {
        for (Stock stock : stocks.findAll()) {
            stock.amount = amount;
        }
    }

    Object nativeInsert(String sql) {
        return entities.createNativeQuery(sql).getSingleResult();
    }

    int query(String jpql) {
        return entities.createQuery(jpql).executeUpdate();
    }

    void fail(String name) {
        changeEverything(name);
        purchases.flush();
        throw new IllegalArgumentException("no");
    }
}
