package io.entente.tc.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** {@code entente.tc.tls.bundle} counts for HTTP too, unless {@code server.ssl} says anything else. */
final class SharedBundle implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        @Nullable String bundle = environment.getProperty("entente.tc.tls.bundle");
        boolean said = Binder.get(environment)
                .bind("server.ssl", Bindable.mapOf(String.class, Object.class))
                .isBound();
        if (bundle != null && !bundle.isBlank() && !said) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("ententeSharedBundle", Map.of("server.ssl.bundle", bundle)));
        }
    }

    /** After the files with configuration were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
