package io.entente.configuration;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Shows an invalid set-up as what is wrong and what to do. Ordered before Spring's analyzer of failed bindings. */
@Order(0)
final class InvalidSetupFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSetupException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidSetupException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
