package io.entente.tc.log.jdbc;

import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.SnapshottingLogContract;
import io.entente.tc.log.TransactionLog;
import java.util.function.Consumer;

/** The promises of a log, kept by one in a database. */
abstract class JdbcLogContract extends SnapshottingLogContract {

    private final JdbcLogSettings settings;
    private final Lease lease;
    private long term;

    JdbcLogContract(LogDatabase database) {
        settings = database.newGroup();
        lease = new Lease(settings);
    }

    @Override
    protected TransactionLog open(Consumer<LogFailedException> failureListener) {
        try (LogConnection connection = LogConnection.open(settings)) {
            lease.release(connection, term);
            term = lease.take(connection, "127.0.0.1:8091");
            return JdbcLog.open(settings, lease, term, failureListener);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
