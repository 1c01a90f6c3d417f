package io.entente.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.entente.benchmarks.workload.OrderCase;
import io.entente.benchmarks.workload.OrderWorkload;
import io.entente.benchmarks.workload.Round;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * One way to place orders, with databases of its own.
 *
 * @param rollsBack false for plain JDBC, which leaves all that was committed
 * @param application processor time used so far by the process that runs the clients
 * @param coordinator and by that of the coordinator
 */
record OrderContestant(
        String name,
        boolean rollsBack,
        OrderTables tables,
        Rounds rounds,
        Supplier<Duration> application,
        Supplier<Duration> coordinator) {

    /** Runs one round of its clients. */
    @FunctionalInterface
    interface Rounds {
        Round run(OrderCase orderCase, int clients, long millis) throws Exception;
    }

    /** Processor time. */
    record Cpu(Duration application, Duration coordinator, Duration database) {

        Cpu minus(Cpu earlier) {
            return new Cpu(
                    application.minus(earlier.application),
                    coordinator.minus(earlier.coordinator),
                    database.minus(earlier.database));
        }
    }

    /**
     * A round whose sums hold.
     *
     * @param cpu used in it, and for what was to do behind its transactions
     */
    record Measured(Round round, Cpu cpu) {}

    /** Whose clients run in this JVM. */
    static OrderContestant here(
            String name,
            boolean rollsBack,
            OrderTables tables,
            OrderWorkload workload,
            Supplier<Duration> coordinator) {
        return new OrderContestant(name, rollsBack, tables, workload::round, OrderContestant::ownCpu, coordinator);
    }

    /** Whose clients run in a process on Seata's client. */
    static OrderContestant seata(
            String name, OrderTables tables, SeataApplication application, Supplier<Duration> coordinator) {
        return new OrderContestant(
                name,
                true,
                tables,
                (orderCase, clients, millis) -> application.round(clients + " " + millis + " " + orderCase.name()),
                application::cpu,
                coordinator);
    }

    private static Duration ownCpu() {
        return Duration.ofNanos(
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
    }

    Measured measure(OrderCase orderCase, int clients, long millis, DatabaseCpu database) throws Exception {
        long before = tables.orders();
        Cpu begin = cpu(database);
        Round round = rounds.run(orderCase, clients, millis);
        tables.awaitNoUndoRows();
        Cpu used = cpu(database).minus(begin);
        boolean stay = !orderCase.cancelled() || !rollsBack;
        tables.requireOrders(before + (stay ? round.latencies().size() : 0));
        // Those that failed may have left more of them until then.
        tables.awaitNoUndoRows();
        return new Measured(round, used);
    }

    private Cpu cpu(DatabaseCpu database) {
        return new Cpu(application.get(), coordinator.get(), database.used());
    }

    static double perSecond(List<Measured> rounds) {
        return transactions(rounds)
                * 1e9
                / rounds.stream().mapToLong(each -> each.round().nanos()).sum();
    }

    static long transactions(List<Measured> rounds) {
        return rounds.stream()
                .mapToLong(each -> each.round().latencies().size())
                .sum();
    }
}
