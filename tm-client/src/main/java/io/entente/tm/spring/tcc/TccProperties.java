package io.entente.tm.spring.tcc;

import io.entente.configuration.InvalidSetupException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How TCC actions of this application run. Nothing must be set.
 *
 * @param enabled Whether methods with @TwoPhaseBusinessAction are TCC actions.
 * @param threads How many branches are confirmed or cancelled at the same time.
 * @param fence The fence of actions that use a database.
 */
@ConfigurationProperties("entente.tcc")
public record TccProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("8") int threads,
        @DefaultValue FenceProperties fence) {

    /**
     * The fence of actions that use a database.
     *
     * @param dataSource Name of the DataSource bean with the fence table, for actions that name none. Default: the only
     *     or primary DataSource.
     * @param table Name of the fence table, with its schema if need be.
     * @param createTable Whether to create a missing fence table at start-up.
     * @param retention How long the row of a finished branch is kept. Must be longer than a try can take to begin, and
     *     than the application and the coordinator can be apart.
     */
    public record FenceProperties(
            @DefaultValue("") String dataSource,
            @DefaultValue("tcc_fence_log") String table,
            @DefaultValue("false") boolean createTable,
            @DefaultValue("1d") Duration retention) {}

    /** @throws InvalidSetupException naming the key that cannot be used */
    public TccProperties {
        if (threads < 1) {
            throw new InvalidSetupException(
                    "entente.tcc.threads=" + threads + " cannot be used: it must be 1 or more.",
                    "Remove it to use 8, or give it a higher number.");
        }
        if (fence.retention().toMillis() < 1) {
            throw new InvalidSetupException(
                    "entente.tcc.fence.retention=" + fence.retention()
                            + " cannot be used: it must be longer than zero.",
                    "Give it a number with a unit, for example entente.tcc.fence.retention=1d.");
        }
    }
}
