package io.entente.rm.spring;

import io.entente.rm.xa.XaSettings;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which data sources take part by XA. All others take part by AT.
 *
 * @param dataSources Names of DataSource beans that take part in global transactions by XA; * for all.
 * @param threads How many branches are committed or rolled back at the same time.
 * @param sweepPeriod How often the databases are asked for prepared branches that nobody resolves.
 */
@ConfigurationProperties("entente.xa")
public record XaProperties(
        @DefaultValue Set<String> dataSources,
        @DefaultValue("8") int threads,
        @DefaultValue("30s") Duration sweepPeriod) {

    static final String ALL = "*";

    /** @throws IllegalArgumentException naming the key that cannot be used */
    public XaProperties {
        dataSources = Set.copyOf(dataSources);
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "entente.xa.threads=" + threads + " cannot be used: it must be 1 or more.");
        }
        if (sweepPeriod.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "entente.xa.sweep-period=" + sweepPeriod + " cannot be used: it must be 1ms or longer.");
        }
    }

    XaSettings settings() {
        return new XaSettings(threads, sweepPeriod);
    }
}
