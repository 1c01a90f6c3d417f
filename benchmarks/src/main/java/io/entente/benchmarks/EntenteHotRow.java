package io.entente.benchmarks;

import io.entente.benchmarks.workload.Clients;
import io.entente.benchmarks.workload.Round;
import io.entente.tm.EntenteClient;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * An application on Entente's client that takes from one row.
 *
 * @param source wrapped
 * @param autoCommit false for a local transaction as Spring opens it
 */
record EntenteHotRow(EntenteClient client, DataSource source, boolean autoCommit) {

    Round round(int clients, long millis, long workMillis) throws Exception {
        return Clients.round(clients, millis, () -> take(workMillis));
    }

    private void take(long workMillis) throws Exception {
        int taken = client.transactions().execute("take", () -> {
            int one = HotRow.takeOne(source, autoCommit);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(workMillis));
            return one;
        });
        if (taken != 1) {
            throw new IllegalStateException("taken " + taken);
        }
    }
}
