package io.entente.simulation.coordinator;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.simulation.invariant.Invariants;
import io.entente.simulation.network.Link;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.tc.coordinator.ResourceManagers;
import io.entente.tc.transaction.Branch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is connected to a coordinator. */
final class SimulatedSessions implements ResourceManagers {
    private final SimulatedNetwork network;
    private final Invariants invariants;
    private final List<Session> sessions = new ArrayList<>();

    SimulatedSessions(SimulatedNetwork network, Invariants invariants) {
        this.network = network;
        this.invariants = invariants;
    }

    private final class Session implements Line {
        private final Link link;
        private final Client client;

        Session(Link link, Client client) {
            this.link = link;
            this.client = client;
        }

        @Override
        public long connectionId() {
            return link.id();
        }

        @Override
        public void send(Message request) {
            invariants.onOrder(request);
            network.send(link, false, text(request), () -> client.onOrder(request));
        }

        private String text(Message request) {
            String to = client.process() + " is asked to ";
            if (request instanceof Message.BranchCommitRequest commit) {
                return to + "commit " + commit.branchId() + " of " + commit.xid() + " at " + commit.resourceId();
            }
            return request instanceof Message.BranchRollbackRequest rollback
                    ? to + "roll back " + rollback.branchId() + " of " + rollback.xid() + " at " + rollback.resourceId()
                    : to + request;
        }
    }

    void add(Link link, Client client) {
        sessions.add(new Session(link, client));
    }

    void remove(Link link) {
        sessions.removeIf(each -> each.link.equals(link));
    }

    /** As the real ones find it: the nearest first, the next after each failure. */
    @Override
    public @Nullable Line find(Branch branch, int failures, boolean entente) {
        List<Session> able = new ArrayList<>();
        for (Session session : sessions) {
            if (session.link.isOpenForServer()
                    && session.client.resources().contains(branch.resourceId())
                    && nearness(session, branch) > 0) {
                able.add(session);
            }
        }
        able.sort(Comparator.comparingInt(session -> -nearness(session, branch)));
        return able.isEmpty() ? null : able.get(failures % able.size());
    }

    private static int nearness(Session session, Branch branch) {
        if (branch.clientId().equals(Leadership.clientId(session.client))) {
            return 3;
        }
        if (branch.clientId().startsWith(session.client.application() + ":")) {
            return 2;
        }
        return branch.type() == BranchType.AT ? 1 : 0;
    }
}
