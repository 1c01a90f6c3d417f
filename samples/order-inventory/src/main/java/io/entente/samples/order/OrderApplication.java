package io.entente.samples.order;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the order service; its settings are in {@code application.yml} and {@code application-order.yml}. */
@SpringBootApplication
public class OrderApplication {

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(OrderApplication.class).profiles("order").run(arguments);
    }
}
