package io.entente.samples.inventory;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the inventory service; its settings are in {@code application.yml} and {@code application-inventory.yml}. */
@SpringBootApplication
public class InventoryApplication {

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(InventoryApplication.class)
                .profiles("inventory")
                .run(arguments);
    }
}
