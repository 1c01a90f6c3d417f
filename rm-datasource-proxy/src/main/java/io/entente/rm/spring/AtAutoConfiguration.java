package io.entente.rm.spring;

import io.entente.rm.branch.AtResources;
import io.entente.tm.EntenteClient;
import io.entente.tm.spring.EntenteAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** AT for every DataSource bean. */
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

    /** Asks for what it needs when the first DataSource comes: it is made long before other beans may be. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static DataSourceWrapper ententeDataSourceWrapper(
            ObjectProvider<AtResources> resources, ObjectProvider<AtProperties> properties) {
        return new DataSourceWrapper(resources::getObject, properties::getObject);
    }

    @Bean
    AtLifecycle ententeAtLifecycle(DataSourceWrapper wrapper, AtResources resources, EntenteClient client) {
        return new AtLifecycle(wrapper, resources, client.settings());
    }
}
