package io.entente.tm.spring.tcc;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.ClientSettings;
import io.entente.tm.tcc.TccActions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts before anything of the application takes requests and stops after it: the fence tables are checked when all
 * beans have made their tables, and phase two ends while the data sources are still open.
 */
final class TccLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TccLifecycle.class);

    /** After the data sources of AT, which the actions may use, and before the application. */
    private static final int PHASE = Integer.MIN_VALUE + 2_000;

    private final TccBeans beans;
    private final Supplier<TccActions> actions;
    private final Supplier<@Nullable FenceSource> fences;
    private final ClientSettings client;
    private volatile boolean running;

    TccLifecycle(
            TccBeans beans,
            Supplier<TccActions> actions,
            Supplier<@Nullable FenceSource> fences,
            ClientSettings client) {
        this.beans = beans;
        this.actions = actions;
        this.fences = fences;
        this.client = client;
    }

    @Override
    public void start() {
        if (running || beans.isEmpty()) {
            return;
        }
        running = true;
        beans.serve();
        try {
            actions.get().awaitConnected(client.startupWait());
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
            actions.get().close();
            FenceSource source = fences.get();
            if (source != null) {
                source.close();
            }
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
