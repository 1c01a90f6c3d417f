package io.entente.configuration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Refuses to start with an {@code entente.*} key that nothing reads, before any bean is made.
 *
 * <p>Environment variables are judged mildly, for not all that begin with {@code ENTENTE_} are meant for this:
 * Kubernetes makes some for every service of that name. Only those one or two letters away from a key are refused.
 */
final class UnknownPropertyCheck implements BeanFactoryPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(UnknownPropertyCheck.class);
    private static final int TYPING_ERROR = 2;

    private final Environment environment;

    UnknownPropertyCheck(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        @Nullable ClassLoader ofBeans = beanFactory.getBeanClassLoader();
        ClassLoader classLoader = ofBeans != null ? ofBeans : ClassUtils.getDefaultClassLoader();
        KnownProperties known =
                KnownProperties.on(classLoader != null ? classLoader : ClassLoader.getSystemClassLoader());
        if (known.isEmpty()) {
            log.warn("entente.* keys are not checked: no configuration metadata is on the class path."
                    + " Keep META-INF/spring-configuration-metadata.json when repackaging.");
            return;
        }
        List<String> complaints = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
                iterable.stream()
                        .filter(KnownProperties.PREFIX::isAncestorOf)
                        .map(name -> complaint(known, source, name, variables))
                        .forEach(complaint -> {
                            if (complaint != null && !complaints.contains(complaint)) {
                                complaints.add(complaint);
                            }
                        });
            }
        }
        if (!complaints.isEmpty()) {
            throw new InvalidSetupException(
                    "Unknown configuration:\n\n    " + String.join("\n    ", complaints),
                    "Correct or remove it. The keys that the modules on the class path know are:\n\n    "
                            + String.join("\n    ", known.keys()));
        }
    }

    private static @Nullable String complaint(
            KnownProperties known,
            ConfigurationPropertySource source,
            ConfigurationPropertyName name,
            boolean variables) {
        if (known.contains(name) || (variables && known.containsIgnoringSeparators(name))) {
            return null;
        }
        KnownProperties.Nearest nearest = known.nearest(name);
        if (nearest == null || (variables && nearest.edits() > TYPING_ERROR)) {
            return null;
        }
        ConfigurationProperty property = source.getConfigurationProperty(name);
        String origin = property == null || property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return name + origin + " is unknown. Did you mean " + nearest.key() + "?";
    }
}
