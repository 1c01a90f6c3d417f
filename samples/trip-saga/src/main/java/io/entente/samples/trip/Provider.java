package io.entente.samples.trip;

import org.springframework.web.client.RestClient;

/** A provider of cars, rooms or seats, over HTTP. */
final class Provider {

    private final RestClient http;

    Provider(RestClient.Builder http, String url) {
        this.http = http.clone().baseUrl(url).build();
    }

    /** @return the key, by which the booking can be found again */
    String book(String key, Trip trip) {
        post("/bookings", key, trip);
        return key;
    }

    void cancel(String key, Trip trip) {
        post("/bookings/cancelled", key, trip);
    }

    void sendTicket(String key, Trip trip) {
        post("/tickets", key, trip);
    }

    private void post(String path, String key, Trip trip) {
        http.post()
                .uri(path)
                .header("Idempotency-Key", key)
                .body(trip)
                .retrieve()
                .toBodilessEntity();
    }
}
