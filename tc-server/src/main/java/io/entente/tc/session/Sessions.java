package io.entente.tc.session;

import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.Connection;
import io.entente.protocol.transport.Rejection;
import io.entente.tc.coordinator.Leadership;
import io.entente.tc.coordinator.ResourceManagers;
import io.entente.tc.security.ClientGate.Admitted;
import io.entente.tc.transaction.Branch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients that are connected and registered. Used by I/O threads and the coordinator's thread alike. */
public final class Sessions implements ResourceManagers, Leadership.Clients {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    private final Map<Long, Session> byConnection = new ConcurrentHashMap<>();
    private final Map<String, List<Session>> byResource = new ConcurrentHashMap<>();

    void add(Session session) {
        byConnection.put(session.connectionId(), session);
    }

    /** From now on {@code session} can be asked about {@code resourceIds} too. */
    void addResources(Session session, Collection<String> resourceIds) {
        for (String resourceId : resourceIds) {
            if (session.resourceIds().add(resourceId)) {
                // In one step: another thread may be removing the last session of the list, and then the list.
                byResource.compute(resourceId, (id, known) -> {
                    List<Session> sessions = known == null ? new CopyOnWriteArrayList<>() : known;
                    sessions.add(session);
                    return sessions;
                });
            }
        }
    }

    @Nullable
    Session remove(Connection connection) {
        Session session = byConnection.remove(connection.id());
        if (session != null) {
            for (String resourceId : session.resourceIds()) {
                byResource.computeIfPresent(resourceId, (id, sessions) -> {
                    sessions.remove(session);
                    return sessions.isEmpty() ? null : sessions;
                });
            }
        }
        return session;
    }

    @Override
    public void cutOff() {
        int clients = 0;
        for (Session session : all()) {
            if (session.connection().cutOff()) {
                clients++;
            }
        }
        if (clients > 0) {
            log.warn(
                    "This coordinator does not lead any more and closed the connections of {} clients, which ask the one that"
                            + " leads",
                    clients);
        }
    }

    /** Seata's clients learn it from the metadata. */
    @Override
    public void sendAway(@Nullable String leader) {
        for (Session session : all()) {
            if (session.understandsEntente()) {
                session.connection().send(Frame.pong(0, leaderIs(leader)));
            }
        }
    }

    /** The head of a frame that says who leads. */
    static Map<String, String> leaderIs(@Nullable String leader) {
        return Map.of(EntenteExtension.LEADER, leader == null ? "" : leader);
    }

    /** Closes the connections of those who would not be let in any more. */
    public void closeUnless(Predicate<Admitted> admissible) {
        for (Session session : byConnection.values()) {
            closeUnless(session, admissible);
        }
    }

    void closeUnless(Session session, Predicate<Admitted> admissible) {
        if (!admissible.test(session.admission())) {
            session.connection().reject(Rejection.TOKEN_REVOKED, "its token is not accepted any more");
        }
    }

    /** Every registered client. */
    public Collection<Session> all() {
        return List.copyOf(byConnection.values());
    }

    /**
     * The resource manager that registered the branch, else the nearest other one: on the same host, in the same
     * application, and for AT, where the undo log lies in the database for everybody, in any application. After a
     * failure the next nearest, because the nearest may hang, or may have lost its database.
     */
    @Override
    public @Nullable Session find(Branch branch, int failures, boolean entente) {
        List<Session> able = new ArrayList<>(byResource.getOrDefault(branch.resourceId(), List.of()));
        able.removeIf(session ->
                !session.isOpen() || nearness(session, branch) == 0 || (entente && !session.understandsEntente()));
        if (able.size() > 1) {
            able.sort(Comparator.comparingInt(session -> -nearness(session, branch)));
        }
        return able.isEmpty() ? null : able.get(failures % able.size());
    }

    private static int nearness(Session session, Branch branch) {
        String client = branch.clientId();
        if (client.equals(session.clientId())) {
            return 4;
        }
        if (client.startsWith(session.applicationId() + ":" + session.host() + ":")) {
            return 3;
        }
        if (client.startsWith(session.applicationId() + ":")) {
            return 2;
        }
        return branch.type() == BranchType.AT ? 1 : 0;
    }
}
