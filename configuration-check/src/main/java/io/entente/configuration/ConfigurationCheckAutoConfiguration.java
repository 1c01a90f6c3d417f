package io.entente.configuration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Has every {@code entente.*} key checked, and says what those of Seata have become, before any bean is made. */
@AutoConfiguration
public final class ConfigurationCheckAutoConfiguration {

    @Bean
    static UnknownPropertyCheck ententeUnknownPropertyCheck(Environment environment) {
        return new UnknownPropertyCheck(environment);
    }

    @Bean
    static SeataAliasesReport ententeSeataAliasesReport(Environment environment) {
        return new SeataAliasesReport(environment);
    }
}
