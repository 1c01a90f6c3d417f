package io.entente.samples.trip;

import io.entente.tm.saga.Retry;
import io.entente.tm.saga.Saga;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * The saga. A bean, so that every instance of this service knows from its start how to undo and how to carry on what
 * another one began.
 */
@Configuration(proxyBeanMethods = false)
class TripSaga {

    private static final Retry THREE_TIMES = Retry.times(3).every(Duration.ofMillis(200));

    @Bean
    Saga<Trip> trip(
            Payments payments,
            RestClient.Builder http,
            @Value("${car.url}") String carUrl,
            @Value("${hotel.url}") String hotelUrl,
            @Value("${flight.url}") String flightUrl) {
        Provider cars = new Provider(http, carUrl);
        Provider hotels = new Provider(http, hotelUrl);
        Provider flights = new Provider(http, flightUrl);
        // A provider that refuses has not booked: there is nothing to try again, and nothing to undo.
        Class<? extends Exception> refusal = HttpClientErrorException.class;
        Retry retry = THREE_TIMES.notOn(refusal);

        return Saga.named("trip", Trip.class)
                .timeout(Duration.ofSeconds(10))
                .step("reserve car", String.class, call -> cars.book(call.key(), call.input()))
                .retry(retry)
                .nothingHappenedOn(refusal)
                .compensate(call -> cars.cancel(call.key(), call.input()))
                .step("book hotel", String.class, call -> hotels.book(call.key(), call.input()))
                .retry(retry)
                .nothingHappenedOn(refusal)
                .compensate(call -> hotels.cancel(call.key(), call.input()))
                .step("book flight", String.class, call -> flights.book(call.key(), call.input()))
                .retry(retry)
                .nothingHappenedOn(refusal)
                .compensate(call -> flights.cancel(call.key(), call.input()))
                // Up to here everything can be undone; from here on the trip takes place, whatever happens.
                .pivot("pay", Payments.Payment.class, call -> payments.pay(call.key(), call.input()))
                .compensate(call -> payments.refund(call.key()))
                .step("send ticket", call -> flights.sendTicket(call.key(), call.input()))
                .build();
    }
}
