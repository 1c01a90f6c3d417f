package io.entente.benchmarks.seata;

import io.entente.benchmarks.workload.OrderCase;
import io.entente.benchmarks.workload.OrderWorkload;

/**
 * An application on Seata's client that places orders, as {@code OrderBenchmark} does with Entente. A round is {@code clients
 * milliseconds case}.
 */
public final class SeataOrders {

    private SeataOrders() {}

    /** @param arguments as {@link SeataRounds#serve} takes them */
    public static void main(String[] arguments) throws Exception {
        SeataRounds.serve("orders", arguments, databases -> {
            OrderWorkload orders =
                    new OrderWorkload(databases, true, work -> SeataRounds.globally("order", work));
            return words -> orders.round(
                    OrderCase.valueOf(words[2]), Integer.parseInt(words[0]), Long.parseLong(words[1]));
        });
    }
}
