package io.entente.samples.provider;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The provider over HTTP. */
@RestController
class ProviderController {

    /** Says which requests are one and the same; a header that many services on the web take. */
    private static final String KEY = "Idempotency-Key";

    private final Bookings bookings;
    private final Trouble bookingTrouble = new Trouble();
    private final Trouble ticketTrouble = new Trouble();

    ProviderController(Bookings bookings) {
        this.bookings = bookings;
    }

    record Request(String city, String traveller) {}

    @PostMapping("/bookings")
    void book(@RequestHeader(KEY) String key, @RequestBody Request request) throws InterruptedException {
        bookingTrouble.strike();
        bookings.book(key, request.city(), request.traveller());
    }

    @PostMapping("/bookings/cancelled")
    void cancel(@RequestHeader(KEY) String key, @RequestBody Request request) {
        bookings.cancel(key, request.city(), request.traveller());
    }

    @PostMapping("/tickets")
    void sendTicket(@RequestHeader(KEY) String key, @RequestBody Request request) throws InterruptedException {
        ticketTrouble.strike();
        bookings.sendTicket(key, request.traveller());
    }

    @GetMapping("/bookings")
    List<Bookings.Booking> bookings() {
        return bookings.all();
    }

    @PostMapping("/trouble/bookings")
    Trouble.Wish troubleBookings(@RequestBody Trouble.Wish wish) {
        return bookingTrouble.come(wish);
    }

    @PostMapping("/trouble/tickets")
    Trouble.Wish troubleTickets(@RequestBody Trouble.Wish wish) {
        return ticketTrouble.come(wish);
    }
}
