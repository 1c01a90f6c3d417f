package io.entente.tm.spring.saga;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.ClientSettings;
import io.entente.tm.saga.Sagas;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts before anything of the application takes requests and stops after it: sagas are served when all beans are made, and
 * compensations end while what they use is still open.
 */
final class SagaLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SagaLifecycle.class);

    /** After the data sources of AT, which steps may use, and before the application. */
    private static final int PHASE = Integer.MIN_VALUE + 2_000;

    private final SagaBeans beans;
    private final Supplier<Sagas> sagas;
    private final ClientSettings client;
    private volatile boolean running;

    SagaLifecycle(SagaBeans beans, Supplier<Sagas> sagas, ClientSettings client) {
        this.beans = beans;
        this.sagas = sagas;
        this.client = client;
    }

    @Override
    public void start() {
        if (running) {
            return;
        }
        running = true;
        beans.serve();
        try {
            sagas.get().awaitConnected(client.startupWait());
        } catch (CoordinatorUnreachableException e) {
            if (client.startup() == ClientSettings.Startup.FAIL) {
                throw e;
            }
            log.warn("Starting without a coordinator, as configured: {}", e.getMessage());
        }
    }

    @Override
    public void stop() {
        if (running) {
            running = false;
            sagas.get().close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
