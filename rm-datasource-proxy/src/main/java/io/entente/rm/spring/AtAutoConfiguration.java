package io.entente.rm.spring;

import io.entente.rm.branch.AtResources;
import io.entente.tm.EntenteClient;
import io.entente.tm.spring.EntenteAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** AT, which every DataSource bean takes that is not named for XA. */
@AutoConfiguration(after = EntenteAutoConfiguration.class)
@ConditionalOnClass({DataSource.class, AbstractRoutingDataSource.class})
@ConditionalOnBean(EntenteClient.class)
@ConditionalOnProperty(name = "entente.at.enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(AtProperties.class)
public final class AtAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    AtResources ententeAtResources(EntenteClient client, AtProperties properties) {
        return AtResources.of(client, properties.resources());
    }
}
