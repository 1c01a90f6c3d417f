package io.entente.rm.branch;

import io.entente.rm.undo.BranchKey;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes undo rows whose global transaction is over, whoever wrote them. Phase two deletes each row before it answers, so
 * there are none as long as the coordinator keeps what it knows. What can be left are rows of clients of Seata, which
 * answer first, and those of a coordinator that has lost its data.
 */
final class UndoRowSweep {

    private static final Logger log = LoggerFactory.getLogger(UndoRowSweep.class);
    private static final int PAGE = 1_000;

    private final BranchChannel channel;
    private final Duration retention;
    private final InstantSource clock;

    UndoRowSweep(BranchChannel channel, Duration retention, InstantSource clock) {
        this.channel = channel;
        this.retention = retention;
        this.clock = clock;
    }

    /** Never throws: the next sweep deletes what this one could not. */
    void sweep(AtDatabase resource) {
        try {
            Map<String, Boolean> over = new HashMap<>();
            long after = Long.MIN_VALUE;
            List<BranchKey> page;
            do {
                page = page(resource, after);
                List<BranchKey> finished = new ArrayList<>();
                for (BranchKey branch : page) {
                    after = branch.branchId();
                    if (isOver(branch.xid(), over)) {
                        finished.add(branch);
                    }
                }
                delete(resource, finished);
            } while (page.size() == PAGE);
        } catch (BranchException e) {
            log.info(
                    "The coordinator cannot be asked which undo rows at {} are over: {}",
                    resource.id(),
                    e.getMessage());
        } catch (SQLException | RuntimeException e) {
            log.warn("Old undo rows at {} could not be swept; tried again later", resource.id(), e);
        }
    }

    private List<BranchKey> page(AtDatabase resource, long after) throws SQLException {
        try (Connection own = resource.dataSource().getConnection()) {
            return resource.undoLog().olderThan(own, clock.instant().minus(retention), after, PAGE);
        }
    }

    /** The coordinator is asked without a connection in hand. */
    private boolean isOver(String xid, Map<String, Boolean> known) throws BranchException {
        Boolean over = known.get(xid);
        if (over == null) {
            over = channel.isOver(xid);
            known.put(xid, over);
        }
        return over;
    }

    private void delete(AtDatabase resource, List<BranchKey> finished) throws SQLException {
        if (finished.isEmpty()) {
            return;
        }
        try (Connection own = resource.dataSource().getConnection()) {
            resource.undoLog().deleteAll(own, finished);
        }
        log.warn(
                "{} undo rows at {} were older than {} and their global transactions are over; deleted. First: {}",
                finished.size(),
                resource.id(),
                retention,
                finished.get(0));
    }
}
