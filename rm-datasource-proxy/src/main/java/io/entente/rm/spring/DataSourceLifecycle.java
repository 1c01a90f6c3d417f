package io.entente.rm.spring;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.rm.branch.AtResources;
import io.entente.rm.xa.XaResources;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Starts before anything of the application takes requests and stops after it: the data sources are checked when all
 * beans have made their tables, and phase two ends while they are still open.
 */
final class DataSourceLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DataSourceLifecycle.class);

    /** Near the first to start, the last to stop, with room for others before it. */
    private static final int PHASE = Integer.MIN_VALUE + 1_000;

    private final DataSourceWrapper wrapper;
    private final EntenteClient client;
    private final ObjectProvider<AtResources> at;
    private final ObjectProvider<XaResources> xa;
    private volatile boolean running;

    DataSourceLifecycle(
            DataSourceWrapper wrapper,
            EntenteClient client,
            ObjectProvider<AtResources> at,
            ObjectProvider<XaResources> xa) {
        this.wrapper = wrapper;
        this.client = client;
        this.at = at;
        this.xa = xa;
    }

    @Override
    public void start() {
        wrapper.start();
        ClientSettings settings = client.settings();
        try {
            client.branches().awaitConnected(settings.startupWait());
        } catch (CoordinatorUnreachableException e) {
            if (settings.startup() == ClientSettings.Startup.FAIL) {
                throw e;
            }
            log.warn("Starting without a coordinator, as configured: {}", e.getMessage());
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        xa.ifAvailable(XaResources::close);
        at.ifAvailable(AtResources::close);
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
