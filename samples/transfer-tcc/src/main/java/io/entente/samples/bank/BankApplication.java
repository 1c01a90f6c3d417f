package io.entente.samples.bank;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts a bank; its settings are in {@code application.yml}, its name is {@code spring.application.name}. */
@SpringBootApplication
public class BankApplication {

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(BankApplication.class).run(arguments);
    }
}
