package io.entente.rm.xa;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.EntenteClient;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.PhaseTwoWorkers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The XA databases of this process: commits and rolls back their branches in phase two, also those of other instances of
 * the application that died, and sweeps up what was left prepared. Thread-safe.
 */
public final class XaResources implements AutoCloseable {

    private final BranchChannel channel;
    private final XaSettings settings;
    private final PhaseTwoWorkers workers;
    private final Map<String, XaBranches> databases = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor sweeper = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "entente-xa-recovery");
        thread.setDaemon(true);
        return thread;
    });

    private XaResources(EntenteClient client, XaSettings settings) {
        this.channel = client.branches();
        this.settings = settings;
        this.workers = new PhaseTwoWorkers("entente-xa", settings.threads());
        sweeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Takes part over the branch channel of a client. */
    public static XaResources of(EntenteClient client, XaSettings settings) {
        return new XaResources(client, settings);
    }

    /** The branches at a database; served to the coordinator when asked for the first time. */
    XaBranches serve(String resourceId, Prepared whenPrepared, XaConnectionSource source) {
        return databases.computeIfAbsent(resourceId, id -> {
            XaBranches branches = new XaBranches(id, whenPrepared, source, channel, workers);
            channel.serve(branches);
            XaRecovery recovery = new XaRecovery(branches, channel);
            var unused = sweeper.scheduleWithFixedDelay(
                    recovery::sweep, 0, settings.sweepPeriod().toMillis(), TimeUnit.MILLISECONDS);
            return branches;
        });
    }

    /**
     * Waits for the coordinator to know the databases that were served before.
     *
     * @throws CoordinatorUnreachableException after {@code patience}; the message says what was tried
     */
    public void awaitConnected(Duration patience) {
        channel.awaitConnected(patience);
    }

    /** Ends what is under way. What is prepared stays so in the databases, and is resolved after a restart. */
    @Override
    public void close() {
        sweeper.shutdown();
        workers.close();
        databases.values().forEach(XaBranches::close);
    }
}
