package io.entente.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.entente.simulation.invariant.Violations;
import io.entente.tc.coordinator.Coordinator;
import org.slf4j.LoggerFactory;

/** Sees the errors that a coordinator survives and would only write to its log, such as a command that it cannot decide. */
final class CoordinatorErrors extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Violations violations;
    private final Thread thread = Thread.currentThread();
    private final Logger logger;

    private CoordinatorErrors(Violations violations, Logger logger) {
        this.violations = violations;
        this.logger = logger;
    }

    /** Watches what is run on this thread, until it is closed. */
    static CoordinatorErrors watch(Violations violations) {
        Logger logger = (Logger) LoggerFactory.getLogger(Coordinator.class);
        CoordinatorErrors errors = new CoordinatorErrors(violations, logger);
        errors.setContext(logger.getLoggerContext());
        errors.start();
        logger.addAppender(errors);
        return errors;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)
                && Thread.currentThread().equals(thread)
                && event.getThrowableProxy() != null) {
            violations.unexpected("the coordinator's log: " + event.getFormattedMessage() + ": "
                    + event.getThrowableProxy().getClassName() + ": "
                    + event.getThrowableProxy().getMessage());
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
