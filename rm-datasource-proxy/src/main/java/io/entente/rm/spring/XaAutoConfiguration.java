package io.entente.rm.spring;

import io.entente.rm.xa.XaResources;
import io.entente.tm.EntenteClient;
import io.entente.tm.spring.EntenteAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** XA, for the DataSource beans that are named for it. */
@AutoConfiguration(after = EntenteAutoConfiguration.class)
@ConditionalOnClass({DataSource.class, AbstractRoutingDataSource.class})
@ConditionalOnBean(EntenteClient.class)
@EnableConfigurationProperties(XaProperties.class)
public final class XaAutoConfiguration {

    /** Does nothing until a data source is served. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    XaResources ententeXaResources(EntenteClient client, XaProperties properties) {
        return XaResources.of(client, properties.settings());
    }
}
