package io.entente.rm.spring;

import io.entente.rm.branch.AtResources;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Metrics of the undo logs, where the application has Micrometer. */
@AutoConfiguration(after = AtAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(AtResources.class)
public final class UndoLogMetricsAutoConfiguration {

    @Bean(destroyMethod = "close")
    UndoLogMetrics ententeUndoLogMetrics(AtResources resources) {
        return new UndoLogMetrics(resources);
    }
}
