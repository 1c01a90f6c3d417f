package io.entente.frameworks.datajdbc;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Each method is a local transaction. */
@Service
@Transactional
class Shop {

    private static final LocalDateTime NOON = LocalDateTime.of(2026, 7, 1, 12, 0);

    private final Customers customers;
    private final Purchases purchases;
    private final Stocks stocks;
    private final JdbcAggregateTemplate aggregates;

    Shop(Customers customers, Purchases purchases, Stocks stocks, JdbcAggregateTemplate aggregates) {
        this.customers = customers;
        this.purchases = purchases;
        this.stocks = stocks;
        this.aggregates = aggregates;
    }

    Customer register(String name) {
        return customers.save(Customer.named(name, new BigDecimal("70.00")));
    }

    List<Customer> registerAll(List<String> names) {
        return customers.saveAll(
                names.stream().map(name -> Customer.named(name, BigDecimal.TEN)).toList());
    }

    Customer charge(Customer customer, BigDecimal amount) {
        return customers.save(customer.charged(amount));
    }

    Customer customer(String name) {
        return customers.findByName(name);
    }

    List<Object> place(long customer, String... items) {
        Purchase purchase = new Purchase(customer, NOON);
        for (String item : items) {
            purchase.with(item, 2);
        }
        Purchase saved = purchases.save(purchase);
        return List.of(saved.id, saved.version, saved.lineIds());
    }

    List<Object> change(long id) {
        Purchase purchase = purchases.findById(id).orElseThrow();
        purchase.state = "CHANGED";
        var unused = purchase.lines.remove(0);
        Purchase saved = purchases.save(purchase.with("cog", 9));
        return List.of(saved.version, saved.lineIds());
    }

    int cancel(String state) {
        List<Purchase> found = purchases.findByState(state);
        purchases.deleteAll(found);
        return found.size();
    }

    int take(String item, int amount) {
        int before = stocks.findByItem(item).orElseThrow().amount();
        return stocks.take(item, amount) * 1_000 + before;
    }

    Stock deliver(Stock stock) {
        return aggregates.insert(stock);
    }

    void recount(String item, int amount) {
        Stock recounted = stocks.save(new Stock(item, amount, "counted"));
        if (recounted.amount() < 0) {
            throw new IllegalArgumentException("There cannot be " + amount + " of " + item);
        }
    }

    void drop(String item) {
        stocks.deleteById(item);
    }
}
