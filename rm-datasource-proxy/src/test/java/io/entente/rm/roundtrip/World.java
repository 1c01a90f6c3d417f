package io.entente.rm.roundtrip;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** A real coordinator, two databases behind Entente, and for each a twin that nobody but the test knows. */
final class World implements AutoCloseable {

    private static final int DATABASES = 2;

    private final EmbeddedCoordinator coordinator;
    private final EntenteClient client;
    private final AtResources resources;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<DataSource> at = new ArrayList<>();
    private final List<Connection> twins = new ArrayList<>();

    World(TestDatabase database) throws SQLException {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("round-trip"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        for (int i = 0; i < DATABASES; i++) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(database.newDatabase("round_trip_" + i));
            config.setMaximumPoolSize(4);
            HikariDataSource pool = new HikariDataSource(config);
            pools.add(pool);
            EntenteDataSource entente =
                    (EntenteDataSource) EntenteDataSource.wrap(pool, resources, AtSettings.defaults());
            entente.start(true);
            at.add(entente);
            twins.add(twin(database.newDatabase("round_trip_twin_" + i)));
        }
        resources.awaitConnected(Duration.ofSeconds(30));
    }

    /**
     * MariaDB reserves generated keys by the power of two when its driver sends an insert batch in bulk, which it cannot
     * do where the rows are returned. Any key is right, but only equal keys can be compared.
     */
    private static Connection twin(DataSource database) throws SQLException {
        if (database instanceof MariaDbDataSource mariaDb) {
            mariaDb.setUrl(mariaDb.getUrl() + "&useBulkStmtsForInserts=false");
        }
        return database.getConnection();
    }

    EntenteClient client() {
        return client;
    }

    EmbeddedCoordinator coordinator() {
        return coordinator;
    }

    /** As the application has it. */
    DataSource at(int database) {
        return at.get(database);
    }

    /** The same database without Entente. */
    DataSource plain(int database) {
        return pools.get(database);
    }

    /** The one connection to the database where the same statements run without Entente. */
    Connection twin(int database) {
        return twins.get(database);
    }

    @Override
    public void close() throws SQLException {
        resources.close();
        client.close();
        coordinator.close();
        for (Connection twin : twins) {
            if (!twin.getAutoCommit()) {
                twin.rollback();
            }
            twin.close();
        }
        pools.forEach(HikariDataSource::close);
    }
}
