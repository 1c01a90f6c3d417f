package io.entente.samples.provider;

import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/**
 * What is booked. Whoever books gives a key. The same key books once, however often it comes; and once it is cancelled it
 * never books again, even when the cancellation arrives first.
 */
@Service
class Bookings {

    private static final String BOOKED = "BOOKED";
    private static final String CANCELLED = "CANCELLED";

    private final JdbcClient jdbc;

    Bookings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public void book(String key, String city, String traveller) {
        Optional<String> status = statusOf(key);
        if (status.isPresent()) {
            if (status.get().equals(CANCELLED)) {
                throw new ResponseStatusException(HttpStatus.GONE, "this booking was cancelled before it arrived");
            }
            return;
        }
        int updated = jdbc.sql("UPDATE vacancy SET free = free - 1 WHERE city = ? AND free > 0")
                .param(city)
                .update();
        if (updated == 0) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "nothing left in " + city);
        }
        insert(key, city, traveller, BOOKED);
    }

    @Transactional
    public void cancel(String key, String city, String traveller) {
        Optional<String> status = statusOf(key);
        if (status.isEmpty()) {
            // A mark for the booking, which may still be on its way.
            insert(key, city, traveller, CANCELLED);
        } else if (status.get().equals(BOOKED)) {
            jdbc.sql("UPDATE booking SET status = 'CANCELLED', changed_at = CURRENT_TIMESTAMP(6) WHERE booking_key = ?")
                    .param(key)
                    .update();
            jdbc.sql("UPDATE vacancy SET free = free + 1 WHERE city = ?")
                    .param(city)
                    .update();
        }
    }

    private Optional<String> statusOf(String key) {
        return jdbc.sql("SELECT status FROM booking WHERE booking_key = ? FOR UPDATE")
                .param(key)
                .query(String.class)
                .optional();
    }

    /** Fails when the same key has come twice at the same moment; whoever lost is to ask again. */
    private void insert(String key, String city, String traveller, String status) {
        jdbc.sql("INSERT INTO booking (booking_key, city, traveller, status, changed_at)"
                        + " VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP(6))")
                .params(key, city, traveller, status)
                .update();
    }

    /** @param key of this request, not of the booking */
    @Transactional
    public void sendTicket(String key, String traveller) {
        boolean sent = jdbc.sql("SELECT ticket_key FROM ticket WHERE ticket_key = ?")
                .param(key)
                .query(String.class)
                .optional()
                .isPresent();
        if (!sent) {
            jdbc.sql("INSERT INTO ticket (ticket_key, traveller) VALUES (?, ?)")
                    .params(key, traveller)
                    .update();
        }
    }

    List<Booking> all() {
        return jdbc.sql("SELECT city, traveller, status FROM booking ORDER BY changed_at")
                .query(Booking.class)
                .list();
    }

    record Booking(String city, String traveller, String status) {}
}
