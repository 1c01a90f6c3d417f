package io.entente.crash;

import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** Moves money by plain SQL, undone from the undo log. */
final class AtBank extends Bank {

    private final AtResources resources;
    private final DataSource captured;

    AtBank(Site site, String address) throws SQLException {
        super(site, site.pool(), "at-" + site.name(), address);
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        captured = EntenteDataSource.wrap(pool, resources, AtSettings.defaults());
        ((EntenteDataSource) captured).start(false);
        resources.awaitConnected(Duration.ofSeconds(10));
    }

    @Override
    protected void move(int amount) throws SQLException {
        try (Connection connection = captured.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
            update.setInt(1, amount);
            update.setString(2, "main");
            update.executeUpdate();
        }
    }

    @Override
    protected void letGo() {
        resources.close();
    }
}
