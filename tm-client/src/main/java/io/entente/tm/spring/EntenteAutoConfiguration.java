package io.entente.tm.spring;

import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionHook;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** The client of the coordinator, the template, and the advice behind {@code @GlobalTransactional}. */
@AutoConfiguration
@EnableConfigurationProperties(EntenteProperties.class)
public final class EntenteAutoConfiguration {

    /** Never lazy: a wrong address is to be found at start-up, not by the first customer. */
    @Bean
    @Lazy(false)
    @ConditionalOnMissingBean
    EntenteClient ententeClient(
            EntenteProperties properties,
            Environment environment,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<RegisteredCoordinators> registered) {
        String applicationName = environment.getProperty("spring.application.name", "");
        return EntenteClient.connect(properties.toSettings(
                applicationName.isBlank() ? "application" : applicationName,
                bundles.getIfAvailable(),
                registered.getIfAvailable()));
    }

    @Bean
    @ConditionalOnMissingBean
    GlobalTransactionTemplate globalTransactionTemplate(EntenteClient client, ObjectProvider<TransactionHook> hooks) {
        return client.transactions().withHooks(hooks.orderedStream().toList());
    }

    /** The registry, where Spring Cloud is on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DiscoveryClient.class)
    static class Registry {

        /** Spring Cloud's clients of registries are found by the one that asks all of them. */
        @Bean
        RegisteredCoordinators ententeRegisteredCoordinators(ObjectProvider<DiscoveryClient> clients) {
            return service -> {
                DiscoveryClient client = clients.getIfAvailable();
                return client == null ? null : new ServiceInstances(client, service);
            };
        }
    }

    /** The annotation, where Spring AOP is on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.aop.Advisor")
    @Import(AutoProxyRegistrar.class)
    static class Annotation {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static GlobalTransactionalAdvisor globalTransactionalAdvisor(
                ObjectProvider<GlobalTransactionTemplate> template, Environment environment) {
            // Read from the environment, because the properties bean does not exist yet when advisors are made.
            int order =
                    environment.getProperty("entente.advisor-order", Integer.class, Ordered.LOWEST_PRECEDENCE - 1_000);
            return new GlobalTransactionalAdvisor(template::getObject, order);
        }
    }
}
