package io.entente.crash;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.rm.xa.EntenteXaDataSource;
import io.entente.rm.xa.XaConnectionSource;
import io.entente.rm.xa.XaResources;
import io.entente.rm.xa.XaSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Moves money by plain SQL, committed or rolled back by the database itself. */
final class XaBank extends Bank {

    private final XaResources resources;
    private final EntenteXaDataSource enlisted;

    XaBank(Site site, String address) throws SQLException {
        this(site, address, new XaConnectionSource(site.xaDataSource()));
    }

    private XaBank(Site site, String address, XaConnectionSource source) throws SQLException {
        super(site, pool(source), "xa-" + site.name(), address);
        resources = XaResources.of(client, new XaSettings(4, Duration.ofMillis(100)));
        enlisted = EntenteXaDataSource.wrap(pool, source, resources);
        enlisted.start();
        resources.awaitConnected(Duration.ofSeconds(10));
    }

    static HikariDataSource pool(XaConnectionSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        return Site.pool(config);
    }

    /** In two local transactions on the same row, which are one branch. */
    @Override
    protected void move(int amount) throws SQLException {
        moveHalf(amount / 2);
        moveHalf(amount - amount / 2);
    }

    private void moveHalf(int amount) throws SQLException {
        try (Connection connection = enlisted.getConnection();
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
