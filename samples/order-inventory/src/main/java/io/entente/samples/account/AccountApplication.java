package io.entente.samples.account;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the account service; its settings are in {@code application.yml} and {@code application-account.yml}. */
@SpringBootApplication
public class AccountApplication {

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(AccountApplication.class)
                .profiles("account")
                .run(arguments);
    }
}
