package io.entente.benchmarks;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.entente.benchmarks.workload.Clients;
import io.entente.testkit.database.TestDatabase;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import javax.sql.XADataSource;

/** XA by Narayana in this JVM: its log on disk, the databases' own XA data sources, in Agroal's pools. */
final class NarayanaTransactions implements AutoCloseable {
    private final Path directory;
    private final TransactionManager manager;
    private final List<AgroalDataSource> pools;

    private NarayanaTransactions(Path directory, TransactionManager manager, List<AgroalDataSource> pools) {
        this.directory = directory;
        this.manager = manager;
        this.pools = pools;
    }

    static String settings() {
        ObjectStoreEnvironmentBean store = BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class);
        return "XA: Narayana " + manager().getClass().getPackage().getImplementationVersion()
                + " as shipped, its log in "
                + store.getObjectStoreType() + (store.isObjectStoreSync() ? ", synced" : ", not synced")
                + ", without its recovery; Agroal's pools.";
    }

    private static TransactionManager manager() {
        return com.arjuna.ats.jta.TransactionManager.transactionManager();
    }

    static NarayanaTransactions start(TestDatabase server, List<String> urls, int connections)
            throws IOException, SQLException {
        Path directory = Files.createTempDirectory("narayana-benchmark");
        // There are three stores, each with a directory of its own.
        BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class).setObjectStoreDir(directory.toString());
        for (String store : List.of("communicationStore", "stateStore")) {
            BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
                    .setObjectStoreDir(directory.toString());
        }
        // It would tell a recovery in another process what is under way here.
        BeanPopulator.getDefaultInstance(CoordinatorEnvironmentBean.class).setTransactionStatusManagerEnable(false);
        TransactionManager manager = manager();
        TransactionSynchronizationRegistry registry =
                new com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple();
        List<AgroalDataSource> pools = new ArrayList<>();
        for (String url : urls) {
            pools.add(AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(pool -> pool.maxSize(connections)
                            .initialSize(connections)
                            .minSize(connections)
                            .acquisitionTimeout(Duration.ofSeconds(30))
                            .transactionIntegration(new NarayanaTransactionIntegration(manager, registry))
                            .connectionFactoryConfiguration(
                                    factory -> factory.connectionProviderClass(driver(server.kind()))
                                            .jdbcUrl(url)
                                            .principal(new NamePrincipal(server.user()))
                                            .credential(new SimplePassword(server.password()))))));
        }
        return new NarayanaTransactions(directory, manager, pools);
    }

    private static Class<? extends XADataSource> driver(TestDatabase.Kind kind) {
        return switch (kind) {
            case H2 -> org.h2.jdbcx.JdbcDataSource.class;
            case POSTGRESQL -> org.postgresql.xa.PGXADataSource.class;
            case MARIADB -> org.mariadb.jdbc.MariaDbDataSource.class;
        };
    }

    List<DataSource> sources() {
        return List.copyOf(pools);
    }

    /** Runs work in a global transaction. */
    void run(Clients.Work work) throws Exception {
        manager.begin();
        try {
            work.run();
        } catch (Exception e) {
            manager.rollback();
            throw e;
        }
        manager.commit();
    }

    @Override
    public void close() throws IOException {
        pools.forEach(AgroalDataSource::close);
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
