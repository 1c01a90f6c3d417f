package io.entente.tc.server;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** A management port of its own asks for the same tokens. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBean(HttpTokens.class)
class ManagementPortTokens {

    @Bean
    FilterRegistrationBean<TokenFilter> managementTokenFilter(
            HttpTokens tokens, WebEndpointProperties endpoints, ManagementServerProperties management) {
        return HttpSecurity.filter(tokens, endpoints, management.getBasePath());
    }
}
