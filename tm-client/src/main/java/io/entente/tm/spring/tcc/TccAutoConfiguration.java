package io.entente.tm.spring.tcc;

import io.entente.tm.EntenteClient;
import io.entente.tm.spring.EntenteAutoConfiguration;
import io.entente.tm.tcc.TccActions;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** TCC actions as annotated methods of beans. */
@AutoConfiguration(after = EntenteAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.aop.Advisor")
@ConditionalOnBean(EntenteClient.class)
@ConditionalOnProperty(name = "entente.tcc.enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(TccProperties.class)
public final class TccAutoConfiguration {

    /** Inside the advice of {@code @GlobalTransactional} on the same method, and outside of {@code @Transactional}. */
    private static final int STEPS_INSIDE_GLOBAL = 100;

    @Bean(destroyMethod = "close")
    @Lazy
    @ConditionalOnMissingBean
    TccActions ententeTccActions(EntenteClient client, TccProperties properties) {
        return TccActions.of(client, properties.threads());
    }

    @Bean
    @Lazy(false)
    TccBeans ententeTccBeans(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<FenceSource> fences,
            ObjectProvider<TccActions> actions) {
        return new TccBeans(beans, fences::getIfAvailable, actions::getObject);
    }

    @Bean
    @Lazy(false)
    TccLifecycle ententeTccLifecycle(
            TccBeans beans,
            ObjectProvider<TccActions> actions,
            ObjectProvider<FenceSource> fences,
            EntenteClient client) {
        return new TccLifecycle(beans, actions::getObject, fences::getIfAvailable, client.settings());
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static TccAdvisor ententeTccAdvisor(ObjectProvider<TccBeans> beans, Environment environment) {
        int global = environment.getProperty("entente.advisor-order", Integer.class, Ordered.LOWEST_PRECEDENCE - 1_000);
        boolean localTransactions = ClassUtils.isPresent(
                "org.springframework.transaction.support.TransactionSynchronizationManager",
                TccAdvisor.class.getClassLoader());
        return new TccAdvisor(beans::getObject, localTransactions, (int)
                Math.min(Ordered.LOWEST_PRECEDENCE - 1L, (long) global + STEPS_INSIDE_GLOBAL));
    }

    /** The fence, where the application has JDBC and Spring's transactions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.jdbc.datasource.DataSourceUtils",
                "org.springframework.transaction.PlatformTransactionManager"
            })
    static class Fenced {

        @Bean
        @ConditionalOnMissingBean(FenceSource.class)
        DataSourceFences ententeFences(
                ConfigurableListableBeanFactory beans, TccProperties properties, EntenteClient client) {
            return new DataSourceFences(beans, properties.fence(), Clock.systemUTC(), client.branches()::isOver);
        }
    }
}
