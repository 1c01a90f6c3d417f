package io.entente.rm.branch;

import io.entente.rm.undo.UndoLogSize;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was last seen of the undo logs: counting is for a thread of our own, not for whoever reads a metric. */
final class UndoLogSizes {

    static final Duration PERIOD = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(UndoLogSizes.class);

    private final Map<String, UndoLogSize> measured = new ConcurrentHashMap<>();

    /** Never throws; what cannot be measured is not known. */
    void measure(AtDatabase database) {
        try (Connection own = database.dataSource().getConnection()) {
            measured.put(database.id(), database.undoLog().size(own));
        } catch (SQLException | RuntimeException e) {
            measured.remove(database.id());
            log.debug("The undo log at {} could not be measured", database.id(), e);
        }
    }

    Map<String, UndoLogSize> measured() {
        return Map.copyOf(measured);
    }
}
