package io.entente.tc.coordinator;

import io.entente.tc.log.LeadershipLostException;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.TransactionLog;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator of this process while the process leads, and who else leads while it does not.
 *
 * <p>A coordinator lives for one leadership. When that is lost, it goes with all that it holds in memory: the next one, here
 * or elsewhere, is built from the log. Clients whose requests it took and may not have answered are cut off, so that they
 * ask there.
 */
public final class Leadership implements LogGroup.Listener {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);
    private static final long HAND_OVER_PATIENCE_MILLIS = 5_000;

    private final Terms terms;
    private final CoordinatorObserver observer;
    private final Clients clients;
    private final Consumer<Throwable> onFatal;
    private volatile @Nullable Term term;
    private volatile @Nullable String leader;

    /** Makes the coordinator of one leadership. */
    public interface Terms {
        Coordinator coordinator(TransactionLog log, Consumer<Throwable> onFatal);
    }

    /** The clients that are connected here. */
    public interface Clients {

        /** Ends their connections: what they asked for may never be answered. */
        void cutOff();

        /**
         * Everything they asked for is answered; from now on another one answers.
         *
         * @param leader {@code host:port} where they reach it, null when that is not known
         */
        void sendAway(@Nullable String leader);
    }

    private record Term(Coordinator coordinator, TransactionLog log) {}

    /** @param onFatal told when this process can neither lead nor follow any more */
    public Leadership(Terms terms, CoordinatorObserver observer, Clients clients, Consumer<Throwable> onFatal) {
        this.terms = terms;
        this.observer = observer;
        this.clients = clients;
        this.onFatal = onFatal;
    }

    @Override
    public void onLead(TransactionLog transactionLog) {
        end(null);
        Coordinator coordinator = terms.coordinator(transactionLog, this::failed);
        try {
            coordinator.start();
        } catch (RuntimeException e) {
            transactionLog.close();
            throw e;
        }
        leader = null;
        term = new Term(coordinator, transactionLog);
    }

    @Override
    public void onFollow(@Nullable String address) {
        end(address);
        leader = address;
    }

    @Override
    public void onFailure(LogFailedException failure) {
        onFatal.accept(failure);
    }

    private void failed(Throwable failure) {
        if (failure instanceof LeadershipLostException) {
            log.info("This coordinator does not lead any more: {}", failure.getMessage());
        } else {
            onFatal.accept(failure);
        }
    }

    private void end(@Nullable String nextLeader) {
        Term ended = term;
        if (ended == null) {
            return;
        }
        leader = nextLeader;
        term = null;
        ended.coordinator.close();
        ended.log.close();
        observer.onLeadEnded();
        // What these clients asked for may have been decided and not be durable; only the next leader knows.
        clients.cutOff();
    }

    /** The coordinator that decides, null while this process does not lead. */
    public @Nullable Coordinator leading() {
        Term now = term;
        return now == null ? null : now.coordinator;
    }

    /** {@code host:port} where clients reach the leader, null while this process leads or nobody is known to. */
    public @Nullable String leader() {
        return leader;
    }

    @Override
    public void onHandOver(@Nullable String nextLeader) {
        Term ending = term;
        if (ending == null) {
            return;
        }
        // From here on the router refuses; what it let through before is in front of the hand-over.
        leader = nextLeader;
        term = null;
        try {
            ending.coordinator.handOver().get(HAND_OVER_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("Not all requests could be answered before the lead is passed on; their clients ask again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.coordinator.close();
        ending.log.close();
        observer.onLeadEnded();
        clients.sendAway(nextLeader);
    }

    /** Ends the coordinator, if there is one, without telling anybody. */
    public void close() {
        Term ending = term;
        term = null;
        if (ending != null) {
            ending.coordinator.close();
        }
    }
}
