package io.entente.tm.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Shows an invalid set-up as what is wrong and what to do. Ordered before Spring's analyzer of failed bindings. */
@Order(0)
final class InvalidEntenteSetupFailureAnalyzer extends AbstractFailureAnalyzer<InvalidEntenteSetupException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidEntenteSetupException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
