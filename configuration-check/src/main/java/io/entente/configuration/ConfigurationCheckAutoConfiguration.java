package io.entente.configuration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Has every {@code entente.*} key checked before any bean is made. */
@AutoConfiguration
public final class ConfigurationCheckAutoConfiguration {

    @Bean
    static UnknownPropertyCheck ententeUnknownPropertyCheck(Environment environment) {
        return new UnknownPropertyCheck(environment);
    }
}
