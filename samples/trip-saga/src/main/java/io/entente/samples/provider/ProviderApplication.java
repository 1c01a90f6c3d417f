package io.entente.samples.provider;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts a provider; its settings are in {@code application.yml} and {@code application-provider.yml}. */
@SpringBootApplication
public class ProviderApplication {

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(ProviderApplication.class)
                .profiles("provider")
                .run(arguments);
    }
}
