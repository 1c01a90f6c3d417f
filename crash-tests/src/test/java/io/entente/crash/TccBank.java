package io.entente.crash;

import io.entente.tm.fence.DataSourceTransactions;
import io.entente.tm.fence.Fence;
import io.entente.tm.tcc.TccAction;
import io.entente.tm.tcc.TccActions;
import io.entente.tm.tcc.TccBranch;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Freezes the money in the try, moves it in the confirm, releases it in the cancel. */
final class TccBank extends Bank {

    private final TccActions actions;
    private final TccAction<Integer> move;

    TccBank(Site site, String address) {
        super(site, site.pool(), "tcc-" + site.name(), address);
        actions = TccActions.of(client, 4);
        move = TccAction.named("move at " + site.name(), Integer.class)
                .confirm(amount -> update("balance = balance + ?, frozen = frozen - ?", amount, amount))
                .cancel(amount -> update("frozen = frozen - ?", amount))
                .fencedBy(new Fence(new DataSourceTransactions(pool)));
        actions.serve(move);
        actions.awaitConnected(Duration.ofSeconds(10));
    }

    @Override
    protected void move(int amount) throws Exception {
        actions.run(move, amount, frozen -> update("frozen = frozen + ?", frozen));
    }

    private static boolean update(String assignments, int... values) throws SQLException {
        String sql = "UPDATE account SET " + assignments + " WHERE id = 'main'";
        try (PreparedStatement statement = TccBranch.current().connection().prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setInt(i + 1, values[i]);
            }
            return statement.executeUpdate() == 1;
        }
    }

    @Override
    protected void letGo() {
        actions.close();
    }
}
