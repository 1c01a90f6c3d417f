package io.entente.configuration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * Has Seata's keys read as Entente's that mean the same: as the last of all property sources, so that whatever is set as
 * {@code entente.*} wins, and what comes of it is checked as if it had been set so.
 */
final class SeataAliases implements EnvironmentPostProcessor, Ordered {

    /** Carries what was read to where it is told. */
    static final class Source extends MapPropertySource {

        private final transient SeataSettings settings;

        Source(SeataSettings settings) {
            super(NAME, settings.properties());
            this.settings = settings;
        }

        SeataSettings settings() {
            return settings;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return super.equals(other);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    static final String NAME = "settings of Seata";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        MutablePropertySources sources = environment.getPropertySources();
        sources.remove(NAME);
        if (!isThereAny(environment)) {
            return;
        }
        KnownProperties known = KnownProperties.on(application.getClassLoader());
        if (!known.isEmpty() && !known.isOfClient()) {
            return;
        }
        SeataSettings settings = SeataSettings.of(environment, known);
        if (!settings.equals(SeataSettings.none())) {
            sources.addLast(new Source(settings));
        }
    }

    private static boolean isThereAny(ConfigurableEnvironment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(SeataKeys.PREFIX) != ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }

    /** Behind the configuration files. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
