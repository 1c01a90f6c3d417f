package io.entente.rm.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Shows what is wrong and what to do instead of a stack trace. */
@Order(0)
final class AtStartupFailureAnalyzer extends AbstractFailureAnalyzer<AtStartupException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AtStartupException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
