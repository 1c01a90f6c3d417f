package io.entente.tm.spring.saga;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.saga.SagaSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sagas of this application run. Nothing must be set.
 *
 * @param enabled Whether there is a bean Sagas, and methods with @Compensable are steps.
 * @param threads How many steps that run beside others or have a timeout are run at the same time; as many compensations,
 *     and as many sagas that are carried on for another instance.
 * @param patience How long the caller of a saga waits for its end once what becomes of it is decided.
 */
@ConfigurationProperties("entente.saga")
public record SagaProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("16") int threads,
        @DefaultValue("30s") Duration patience) {

    /** @throws InvalidSetupException naming the key that cannot be used */
    public SagaProperties {
        if (threads < 1) {
            throw new InvalidSetupException(
                    "entente.saga.threads=" + threads + " cannot be used: it must be 1 or more.",
                    "Remove it to use 16, or give it a higher number.");
        }
        if (patience.toMillis() < 1) {
            throw new InvalidSetupException(
                    "entente.saga.patience=" + patience + " cannot be used: it must be longer than zero.",
                    "Give it a number with a unit, for example entente.saga.patience=30s.");
        }
    }

    SagaSettings settings() {
        return new SagaSettings(threads, patience);
    }
}
