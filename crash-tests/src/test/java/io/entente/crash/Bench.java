package io.entente.crash;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.netty.channel.EventLoopGroup;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;

/** What one row of runs, one after the other, works with. */
record Bench(EmbeddedCoordinator coordinator, Site payer, Site payee, EventLoopGroup network, ExecutorService threads)
        implements AutoCloseable {

    static Bench create(TestDatabase database, String name, EventLoopGroup network, ExecutorService threads)
            throws SQLException {
        Site payer = Site.create(database, "payer", name);
        Site payee = Site.create(database, "payee", name);
        return new Bench(EmbeddedCoordinator.start(), payer, payee, network, threads);
    }

    @Override
    public void close() {
        coordinator.close();
        payer.close();
        payee.close();
    }
}
