package io.entente.configuration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Says once what Seata's keys have become, and ends the start where one of them cannot be had. */
final class SeataAliasesReport implements BeanFactoryPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(SeataAliasesReport.class);

    private final Environment environment;

    SeataAliasesReport(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        if (!(environment instanceof ConfigurableEnvironment configurable)
                || !(configurable.getPropertySources().get(SeataAliases.NAME) instanceof SeataAliases.Source source)) {
            return;
        }
        SeataSettings settings = source.settings();
        if (!settings.used().isEmpty()) {
            log.info("Seata's settings are read as Entente's:\n    {}", String.join("\n    ", settings.used()));
        }
        if (!settings.unused().isEmpty()) {
            log.warn("Settings of Seata's without effect:\n    {}", String.join("\n    ", settings.unused()));
        }
        if (!settings.refused().isEmpty()) {
            throw new InvalidSetupException(
                    "Settings of Seata's that cannot be had:\n\n    " + String.join("\n    ", settings.refused()),
                    "Do as it says, or see docs/migration.md.");
        }
    }
}
