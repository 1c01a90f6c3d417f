package io.entente.samples.bank;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The statements of account. */
@Component
class Ledger {

    private final JdbcClient jdbc;
    private final AtomicInteger toBeRefused = new AtomicInteger();

    Ledger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Part of the caller's local transaction. */
    void book(String reference, String account, int amount) {
        if (toBeRefused.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("the ledger is closed, as somebody wished");
        }
        jdbc.sql("INSERT INTO booking (reference, owner, amount) VALUES (?, ?, ?)")
                .params(reference, account, amount)
                .update();
    }

    /** For the story: the next {@code bookings} bookings fail. */
    void refuse(int bookings) {
        toBeRefused.set(bookings);
    }
}
