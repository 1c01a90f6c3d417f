package io.entente.tm.spring.saga;

import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.saga.Sagas;
import io.entente.tm.spring.EntenteAutoConfiguration;
import io.entente.tm.spring.tcc.FenceSource;
import io.entente.tm.spring.tcc.TccAutoConfiguration;
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

/** Sagas that are beans are served from the start, so that any instance of the application carries on for any other. */
@AutoConfiguration(after = {EntenteAutoConfiguration.class, TccAutoConfiguration.class})
@ConditionalOnBean(EntenteClient.class)
@ConditionalOnProperty(name = "entente.saga.enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(SagaProperties.class)
public final class SagaAutoConfiguration {

    /** Inside the advice of {@code @GlobalTransactional} on the same method, and outside of {@code @Transactional}. */
    private static final int STEPS_INSIDE_GLOBAL = 100;

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Sagas ententeSagas(EntenteClient client, GlobalTransactionTemplate transactions, SagaProperties properties) {
        return Sagas.of(client, transactions, properties.settings());
    }

    @Bean
    @Lazy(false)
    SagaBeans ententeSagaBeans(
            ConfigurableListableBeanFactory beans, ObjectProvider<FenceSource> fences, ObjectProvider<Sagas> sagas) {
        return new SagaBeans(beans, fences::getIfAvailable, sagas::getObject);
    }

    @Bean
    @Lazy(false)
    SagaLifecycle ententeSagaLifecycle(SagaBeans beans, ObjectProvider<Sagas> sagas, EntenteClient client) {
        return new SagaLifecycle(beans, sagas::getObject, client.settings());
    }

    /** The annotation, where Spring AOP is on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.aop.Advisor")
    static class Annotation {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static CompensableAdvisor ententeCompensableAdvisor(ObjectProvider<SagaBeans> beans, Environment environment) {
            int global =
                    environment.getProperty("entente.advisor-order", Integer.class, Ordered.LOWEST_PRECEDENCE - 1_000);
            return new CompensableAdvisor(beans::getObject, (int)
                    Math.min(Ordered.LOWEST_PRECEDENCE - 1L, (long) global + STEPS_INSIDE_GLOBAL));
        }
    }
}
