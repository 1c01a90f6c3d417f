package io.entente.samples.trip;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table {@code payment}. The key of a payment is unique, so that nobody pays twice. */
@Repository
class Payments {

    private static final int PRICE = 900;

    private final JdbcClient jdbc;

    Payments(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Payment(String traveller, String city, int amount) {}

    @Transactional
    public Payment pay(String key, Trip trip) {
        boolean paid = jdbc.sql("SELECT payment_key FROM payment WHERE payment_key = ?")
                .param(key)
                .query(String.class)
                .optional()
                .isPresent();
        if (!paid) {
            jdbc.sql("INSERT INTO payment (payment_key, traveller, city, amount) VALUES (?, ?, ?, ?)")
                    .params(key, trip.traveller(), trip.city(), PRICE)
                    .update();
        }
        return new Payment(trip.traveller(), trip.city(), PRICE);
    }

    @Transactional
    public void refund(String key) {
        jdbc.sql("DELETE FROM payment WHERE payment_key = ?").param(key).update();
    }

    List<Payment> all() {
        return jdbc.sql("SELECT traveller, city, amount FROM payment ORDER BY traveller")
                .query(Payment.class)
                .list();
    }
}
