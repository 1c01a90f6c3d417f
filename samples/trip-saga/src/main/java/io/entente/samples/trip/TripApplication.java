package io.entente.samples.trip;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the trip service; its settings are in {@code application.yml} and {@code application-trip.yml}. */
@SpringBootApplication
public class TripApplication {

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(TripApplication.class).profiles("trip").run(arguments);
    }
}
