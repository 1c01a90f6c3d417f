package io.entente.benchmarks.seata;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.benchmarks.workload.Clients;
import io.entente.benchmarks.workload.Round;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.seata.rm.RMClient;
import org.apache.seata.rm.datasource.DataSourceProxy;
import org.apache.seata.tm.TMClient;
import org.apache.seata.tm.api.GlobalTransaction;
import org.apache.seata.tm.api.GlobalTransactionContext;

/**
 * An application on Seata's client that runs rounds for the process that started it. It says {@code ready}, and answers each
 * line, which is a round to run, with one line of {@link Round}.
 */
final class SeataRounds {
    private static final String GROUP = "default_tx_group";
    private static final int TIMEOUT_MILLIS = 60_000;

    private SeataRounds() {}

    /** Runs the round that a line tells. */
    @FunctionalInterface
    interface Rounds {
        Round run(String[] words) throws Exception;
    }

    /** Makes an application of databases behind Seata's proxies. */
    @FunctionalInterface
    interface Application {
        Rounds of(List<DataSource> databases) throws Exception;
    }

    /**
     * Ends the JVM when there are no more lines.
     *
     * @param arguments port of the coordinator, connections to each database, user, password, and the JDBC URL of each
     */
    static void serve(String name, String[] arguments, Application application) throws Exception {
        PrintStream parent = System.out;
        System.setOut(System.err);
        System.setProperty("service.default.grouplist", "127.0.0.1:" + arguments[0]);
        TMClient.init(name, GROUP);
        RMClient.init(name, GROUP);
        List<HikariDataSource> pools = new ArrayList<>();
        List<DataSource> databases = new ArrayList<>();
        for (int i = 4; i < arguments.length; i++) {
            HikariDataSource pool = new HikariDataSource();
            pool.setMaximumPoolSize(Integer.parseInt(arguments[1]));
            pool.setUsername(arguments[2]);
            pool.setPassword(arguments[3]);
            pool.setJdbcUrl(arguments[i]);
            pools.add(pool);
            databases.add(new DataSourceProxy(pool));
        }
        Rounds rounds = application.of(databases);
        parent.println("ready");
        parent.flush();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            parent.println(rounds.run(line.split(" ")).toLine());
            parent.flush();
        }
        pools.forEach(HikariDataSource::close);
        System.exit(0); // Seata's threads would go on
    }

    /** Runs work in a global transaction. */
    static void globally(String name, Clients.Work work) throws Exception {
        GlobalTransaction transaction = GlobalTransactionContext.createNew();
        transaction.begin(TIMEOUT_MILLIS, name);
        try {
            work.run();
        } catch (Exception e) {
            transaction.rollback();
            throw e;
        }
        transaction.commit();
    }
}
