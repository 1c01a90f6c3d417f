package io.entente.tc.coordinator;

import io.entente.protocol.BranchType;
import io.entente.tc.transaction.Branch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that phase two finds nobody for. Tells the log once that one is away and once that it is back, however
 * many branches wait and however often they are tried: a resource manager that is away for an hour shall not fill the
 * disk of the coordinator's log.
 */
final class Outages {
    private static final Logger log = LoggerFactory.getLogger(Outages.class);

    private final Map<String, Outage> outages = new HashMap<>();
    /** Begun since the last time that the log was told. */
    private final Map<String, Outage> untold = new HashMap<>();

    private final Map<Long, String> waiting = new HashMap<>();

    private static final class Outage {
        private final long since;
        private final Set<Long> branches = new HashSet<>();

        Outage(long since) {
            this.since = since;
        }
    }

    /** There is nobody for this branch; what it waits for. */
    String nobodyFor(Branch branch, boolean entente, long now) {
        String wanted = wanted(branch, entente);
        Outage outage = outages.get(wanted);
        if (outage == null) {
            outage = new Outage(now);
            outages.put(wanted, outage);
            untold.put(wanted, outage);
        }
        outage.branches.add(branch.id());
        String before = waiting.put(branch.id(), wanted);
        if (before != null && !before.equals(wanted)) {
            end(before, branch.id());
        }
        return "no resource manager for " + wanted + " is connected";
    }

    /** There is somebody for this branch, and so for all that wait for the same. */
    void somebodyFor(Branch branch, boolean entente, long now) {
        if (outages.isEmpty()) {
            return;
        }
        String wanted = wanted(branch, entente);
        Outage outage = outages.remove(wanted);
        if (outage == null) {
            return;
        }
        outage.branches.forEach(waiting::remove);
        // Who came and went within one turn was never told to be away.
        if (untold.remove(wanted) == null) {
            log.info(
                    "A resource manager for {} is connected again, after {} ms; {} branches have waited for it",
                    wanted,
                    Math.max(0, now - outage.since),
                    outage.branches.size());
        }
    }

    /** Nobody is looked for any more for this branch. */
    void forget(long branchId) {
        String wanted = waiting.remove(branchId);
        if (wanted != null) {
            end(wanted, branchId);
        }
    }

    private void end(String wanted, long branchId) {
        Outage outage = outages.get(wanted);
        if (outage != null) {
            outage.branches.remove(branchId);
            if (outage.branches.isEmpty()) {
                outages.remove(wanted);
                untold.remove(wanted);
            }
        }
    }

    /** Tells the log what is new; to be called when all that has come at once is seen, so that it can be counted. */
    void tell() {
        if (untold.isEmpty()) {
            return;
        }
        untold.forEach((wanted, outage) -> log.warn(
                "No resource manager for {} is connected: phase two waits for it, now with {} branches",
                wanted,
                outage.branches.size()));
        untold.clear();
    }

    /** What a branch needs: for AT any application that has the database will do, for the others only their own. */
    private static String wanted(Branch branch, boolean entente) {
        String application = applicationOf(branch);
        return branch.resourceId()
                + (application == null ? "" : " of application " + application)
                + (entente ? " with Entente's own client" : "");
    }

    private static @Nullable String applicationOf(Branch branch) {
        int end = branch.clientId().indexOf(':');
        return branch.type() == BranchType.AT || end < 0
                ? null
                : branch.clientId().substring(0, end);
    }
}
