package io.entente.frameworks.jooq;

import org.jooq.conf.RenderQuotedNames;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.DefaultConfigurationCustomizer;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
class JooqApplication {

    @Bean
    DefaultConfigurationCustomizer names() {
        return configuration -> configuration
                .settings()
                .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED)
                .withExecuteWithOptimisticLocking(true)
                // Without this, jOOQ puts SELECT … FOR UPDATE into its batches of records that have no version.
                .withExecuteWithOptimisticLockingExcludeUnversioned(true);
    }
}
