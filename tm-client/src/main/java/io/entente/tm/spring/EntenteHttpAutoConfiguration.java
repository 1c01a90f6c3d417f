package io.entente.tm.spring;

import io.entente.tm.GlobalTransactionTemplate;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** The XID in HTTP headers: into requests that are sent, out of requests that come in. */
@AutoConfiguration(after = EntenteAutoConfiguration.class)
public final class EntenteHttpAutoConfiguration {

    /** Outside of everything of the application, so that the vote covers the failures of its filters too. */
    private static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(FilterRegistrationBean.class)
    static class Incoming {

        @Bean
        FilterRegistrationBean<TransactionFilter> ententeTransactionFilter(
                ObjectProvider<GlobalTransactionTemplate> template) {
            var registration = new FilterRegistrationBean<>(new TransactionFilter(template::getObject));
            registration.setOrder(FILTER_ORDER);
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            return registration;
        }
    }

    /** Beans of the framework's own types, however they were made, and under any version of Spring Boot. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClient.class)
    static class BlockingClients {

        @Bean
        static BeanPostProcessor ententeBlockingClients() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String beanName) {
                    if (bean instanceof RestTemplate template) {
                        TransactionRequestInterceptor.addTo(template.getInterceptors());
                    } else if (bean instanceof RestClient.Builder builder) {
                        builder.requestInterceptors(TransactionRequestInterceptor::addTo);
                    } else if (bean instanceof RestClient client) {
                        return client.mutate()
                                .requestInterceptors(TransactionRequestInterceptor::addTo)
                                .build();
                    }
                    return bean;
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClient.class)
    static class ReactiveClients {

        @Bean
        static BeanPostProcessor ententeReactiveClients() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String beanName) {
                    if (bean instanceof WebClient.Builder builder) {
                        builder.filters(TransactionExchangeFilter::addTo);
                    } else if (bean instanceof WebClient client) {
                        return client.mutate()
                                .filters(TransactionExchangeFilter::addTo)
                                .build();
                    }
                    return bean;
                }
            };
        }
    }

    /** Clients that Spring Boot builds and that are no beans themselves, such as those of HTTP service interfaces. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClientCustomizer.class)
    static class BootBlockingClients {

        @Bean
        RestClientCustomizer ententeRestClientCustomizer() {
            return builder -> builder.requestInterceptors(TransactionRequestInterceptor::addTo);
        }

        @Bean
        RestTemplateCustomizer ententeRestTemplateCustomizer() {
            return template -> TransactionRequestInterceptor.addTo(template.getInterceptors());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebClientCustomizer.class, WebClient.class})
    static class BootReactiveClients {

        @Bean
        WebClientCustomizer ententeWebClientCustomizer() {
            return builder -> builder.filters(TransactionExchangeFilter::addTo);
        }
    }
}
