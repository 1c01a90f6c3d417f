package io.entente.samples.order;

import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table {@code orders}. */
@Repository
class Orders {

    private final JdbcClient jdbc;

    Orders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public long place(PurchaseRequest purchase) {
        GeneratedKeyHolder id = new GeneratedKeyHolder();
        jdbc.sql("INSERT INTO orders (user_id, commodity, count, amount, status) VALUES (?, ?, ?, ?, 'NEW')")
                .params(purchase.userId(), purchase.commodity(), purchase.count(), purchase.amount())
                .update(id, "id");
        return Objects.requireNonNull(id.getKey()).longValue();
    }

    @Transactional
    public void markPaid(long id) {
        jdbc.sql("UPDATE orders SET status = 'PAID' WHERE id = ?").param(id).update();
    }

    List<Order> all() {
        return jdbc.sql("SELECT id, user_id, commodity, count, amount, status FROM orders ORDER BY id")
                .query(Order.class)
                .list();
    }
}
