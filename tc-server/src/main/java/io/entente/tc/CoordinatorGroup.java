package io.entente.tc;

import io.entente.tc.coordinator.BackOff;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.IdSpace;
import io.entente.tc.coordinator.Leadership;
import io.entente.tc.coordinator.Limits;
import io.entente.tc.coordinator.NotLeadingException;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.session.ServedGroup;
import io.entente.tc.session.Sessions;
import io.entente.tc.webhook.Webhook;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of this process in one group of coordinators: a log, who leads it, and the clients that belong to it. A coordinator
 * by itself is one group.
 */
public final class CoordinatorGroup {
    private final LogGroup log;
    private final Webhook webhook;
    private final ServedGroup served;

    /** @param onFatal told when this process can neither lead nor follow any more */
    CoordinatorGroup(
            String name,
            LogGroup log,
            CoordinatorSettings settings,
            Limits limits,
            InstantSource clock,
            CoordinatorObserver observer,
            Consumer<Throwable> onFatal) {
        this.log = log;
        this.webhook = new Webhook(settings.webhook());
        Sessions sessions = new Sessions();
        IdSpace ids = IdSpace.of(name);
        Leadership leadership = new Leadership(
                (entries, onFailure) -> new Coordinator(
                        entries,
                        ids,
                        sessions,
                        clock,
                        new BackOff(settings.retryFirstMillis(), settings.retryMostMillis(), new Random()),
                        settings.retryBudgetMillis(),
                        settings.snapshotMegabytes() * 1024L * 1024L,
                        limits,
                        observer,
                        webhook,
                        onFailure),
                observer,
                sessions,
                onFatal);
        this.served = new ServedGroup(name, ids, leadership, sessions);
    }

    void start() {
        webhook.start(served.leadership()::leading);
        log.start(served.leadership());
    }

    /** @param logFirst whether another coordinator is to take the lead before this one is gone */
    void close(boolean logFirst) {
        webhook.close();
        if (logFirst) {
            log.close();
            served.leadership().close();
        } else {
            served.leadership().close();
            log.close();
        }
    }

    ServedGroup served() {
        return served;
    }

    /** {@value IdSpace#DEFAULT_GROUP}, or as it is configured. */
    public String name() {
        return served.name();
    }

    /** Whether this group knows the transaction with this number, if any does. */
    public boolean gives(long transactionId) {
        return served.ids().contains(transactionId);
    }

    /**
     * For looking at the state and for operators' commands, as long as this process leads; another one for each leadership.
     *
     * @throws NotLeadingException when this process does not lead
     */
    public Coordinator coordinator() {
        Coordinator leading = served.leadership().leading();
        if (leading == null) {
            throw new NotLeadingException(served.leadership().leader());
        }
        return leading;
    }

    /** Whether this process decides. Always true for one that shares its log with nobody. */
    public boolean leads() {
        return served.leadership().leading() != null;
    }

    /** The clients that belong to this group. */
    public Sessions sessions() {
        return served.sessions();
    }

    public Webhook webhook() {
        return webhook;
    }

    /** The members; null without a cluster. */
    public @Nullable Cluster cluster() {
        return log.cluster();
    }

    /** Counters of the log since the start. */
    public LogStatistics logStatistics() {
        return log.statistics();
    }
}
