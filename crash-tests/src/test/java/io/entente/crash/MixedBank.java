package io.entente.crash;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.rm.xa.EntenteXaDataSource;
import io.entente.rm.xa.XaConnectionSource;
import io.entente.rm.xa.XaResources;
import io.entente.rm.xa.XaSettings;
import io.entente.tm.fence.DataSourceTransactions;
import io.entente.tm.fence.Fence;
import io.entente.tm.saga.Saga;
import io.entente.tm.saga.Sagas;
import io.entente.tm.tcc.TccAction;
import io.entente.tm.tcc.TccActions;
import io.entente.tm.tcc.TccBranch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** All modes in one global transaction, on the same row: the payer pays by AT and TCC, the payee takes by saga and XA. */
final class MixedBank extends Bank {

    private final AtResources atResources;
    private final XaResources xaResources;
    private final HikariDataSource xaPool;
    private final TccActions actions;
    private final Sagas sagas;
    private final DataSource captured;
    private final EntenteXaDataSource enlisted;
    private final TccAction<Integer> freeze;
    private final Saga<Integer> add;
    private final Fence fence;

    MixedBank(Site site, String address) throws SQLException {
        super(site, site.pool(), "mixed-" + site.name(), address);
        atResources = AtResources.of(client, AtResourcesSettings.defaults());
        captured = EntenteDataSource.wrap(pool, atResources, AtSettings.defaults());
        ((EntenteDataSource) captured).start(false);

        XaConnectionSource source = new XaConnectionSource(site.xaDataSource());
        xaPool = XaBank.pool(source);
        xaResources = XaResources.of(client, new XaSettings(4, Duration.ofMillis(100)));
        enlisted = EntenteXaDataSource.wrap(xaPool, source, xaResources);
        enlisted.start();

        fence = new Fence(new DataSourceTransactions(pool));
        actions = TccActions.of(client, 4);
        freeze = TccAction.named("freeze at " + site.name(), Integer.class)
                .confirm(amount -> update(TccBranch.current().connection(), amount, -amount))
                .cancel(amount -> update(TccBranch.current().connection(), 0, -amount))
                .fencedBy(fence);
        actions.serve(freeze);

        sagas = Sagas.of(client);
        add = Saga.named("add at " + site.name(), Integer.class)
                .fenced(fence)
                .step("add", call -> {
                    update(call.connection(), call.input(), 0);
                })
                .compensate(call -> update(call.connection(), -call.input(), 0))
                .build();
        sagas.serve(add);
        client.branches().awaitConnected(Duration.ofSeconds(10));
    }

    @Override
    protected void move(int amount) throws Exception {
        if (amount < 0) {
            try (Connection connection = captured.getConnection()) {
                update(connection, amount + 6, 0);
            }
            actions.run(freeze, -6, frozen -> update(TccBranch.current().connection(), 0, frozen));
        } else {
            var unused = sagas.run(add, amount - 5);
            try (Connection connection = enlisted.getConnection()) {
                update(connection, 5, 0);
            }
        }
    }

    private static boolean update(Connection connection, int balance, int frozen) throws SQLException {
        String sql = "UPDATE account SET balance = balance + ?, frozen = frozen + ? WHERE id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, balance);
            statement.setInt(2, frozen);
            statement.setString(3, "main");
            return statement.executeUpdate() == 1;
        }
    }

    @Override
    protected void sweep() throws Exception {
        var unused = fence.sweepTried(Duration.ZERO, client.branches()::isOver);
    }

    @Override
    protected void letGo() {
        atResources.close();
        actions.close();
        sagas.close();
        xaResources.close();
        xaPool.close();
    }
}
