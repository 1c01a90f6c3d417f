package io.entente.rm.spring;

import io.entente.rm.branch.AtResources;
import io.entente.rm.xa.XaResources;
import io.entente.tm.EntenteClient;
import io.entente.tm.spring.EntenteAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Lets the DataSource beans take part in global transactions, each by its mode. */
@AutoConfiguration(after = {EntenteAutoConfiguration.class, AtAutoConfiguration.class, XaAutoConfiguration.class})
@ConditionalOnClass({DataSource.class, AbstractRoutingDataSource.class})
@ConditionalOnBean(EntenteClient.class)
@EnableConfigurationProperties({AtProperties.class, XaProperties.class})
public final class DataSourceWrappingAutoConfiguration {

    /** Asks for what it needs when the first DataSource comes: it is made long before other beans may be. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static DataSourceWrapper ententeDataSourceWrapper(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<AtResources> at,
            ObjectProvider<AtProperties> atProperties,
            ObjectProvider<XaResources> xa,
            ObjectProvider<XaProperties> xaProperties) {
        return new DataSourceWrapper(
                new Modes(beans, atProperties::getObject, xaProperties::getObject),
                new AtWrapping(at::getObject, atProperties::getObject),
                new XaWrapping(xa::getObject));
    }

    @Bean
    DataSourceLifecycle ententeDataSourceLifecycle(
            DataSourceWrapper wrapper,
            EntenteClient client,
            ObjectProvider<AtResources> at,
            ObjectProvider<XaResources> xa) {
        return new DataSourceLifecycle(wrapper, client, at, xa);
    }
}
