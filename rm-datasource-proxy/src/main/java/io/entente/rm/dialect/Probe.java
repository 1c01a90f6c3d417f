package io.entente.rm.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether what stands between the application and the database lets a text through. */
final class Probe {

    private static final Logger log = LoggerFactory.getLogger(Probe.class);

    private Probe() {}

    static boolean takes(Connection own, String text) {
        try (Statement statement = own.createStatement()) {
            statement.execute(text);
            return true;
        } catch (SQLException | RuntimeException e) {
            log.info(
                    "Several statements in one text are refused, so a local commit takes one round trip more: {}",
                    e.getMessage());
            return false;
        }
    }
}
