package io.entente.tm.spring;

import io.entente.tm.CoordinatorUnavailableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Shows a start-up without a coordinator as what was tried and what to do. */
@Order(0)
final class CoordinatorUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<CoordinatorUnavailableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CoordinatorUnavailableException cause) {
        return new FailureAnalysis("The Entente coordinator cannot be reached: " + cause.getMessage(), """
                Do one of these:
                  - start the coordinator:                      java -jar tc-server.jar
                  - correct its address:                        entente.server=host:port
                  - give it the TLS and token that it asks for: entente.tls.bundle=…, entente.token=…
                  - wait longer for it at start-up:             entente.startup-wait=60s
                  - start without it and go on trying:          entente.startup=wait""", cause);
    }
}
