package io.entente.rm.spring;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.rm.branch.AtResources;
import io.entente.tm.ClientSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts before anything of the application takes requests and stops after it: the data sources are checked when all
 * beans have made their tables, and phase two ends while they are still open.
 */
final class AtLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AtLifecycle.class);

    /** Near the first to start, the last to stop, with room for others before it. */
    private static final int PHASE = Integer.MIN_VALUE + 1_000;

    private final DataSourceWrapper wrapper;
    private final AtResources resources;
    private final ClientSettings client;
    private volatile boolean running;

    AtLifecycle(DataSourceWrapper wrapper, AtResources resources, ClientSettings client) {
        this.wrapper = wrapper;
        this.resources = resources;
        this.client = client;
    }

    @Override
    public void start() {
        wrapper.start();
        try {
            resources.awaitConnected(client.startupWait());
        } catch (CoordinatorUnreachableException e) {
            if (client.startup() == ClientSettings.Startup.FAIL) {
                throw e;
            }
            log.warn("Starting without a coordinator, as configured: {}", e.getMessage());
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        resources.close();
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
