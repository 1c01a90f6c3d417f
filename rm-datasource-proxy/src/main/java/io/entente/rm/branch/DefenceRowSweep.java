package io.entente.rm.branch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes defence rows that no local transaction can need any more. */
final class DefenceRowSweep {

    private static final Logger log = LoggerFactory.getLogger(DefenceRowSweep.class);

    private final Duration retention;
    private final InstantSource clock;

    DefenceRowSweep(Duration retention, InstantSource clock) {
        this.retention = retention;
        this.clock = clock;
    }

    /** Never throws: the next sweep deletes what this one could not. */
    void sweep(AtDatabase resource) {
        try (Connection own = resource.dataSource().getConnection()) {
            int deleted = resource.undoLog().sweep(own, clock.instant().minus(retention));
            log.debug("{} defence rows deleted at {}", deleted, resource.id());
        } catch (SQLException | RuntimeException e) {
            log.warn("Old defence rows at {} could not be deleted; tried again later", resource.id(), e);
        }
    }
}
