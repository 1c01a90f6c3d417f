package io.entente.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.database.TestDatabase;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Money moves between two banks, each with a database and a process of its own. A first run without a crash counts the
 * messages between the processes and the coordinator. Then there is one run for each message and each process: at that
 * message that process dies, and what it said or was told last is lost. Whoever dies, and wherever, afterwards the sum of the money is exact, what
 * the caller was told is true, and nothing is left over.
 */
class CrashPointTest {

    private static final Logger log = LoggerFactory.getLogger(CrashPointTest.class);
    private static final int ROWS = 16;

    private static EventLoopGroup network;
    private static ExecutorService threads;

    @BeforeAll
    static void open() {
        network = new MultiThreadIoEventLoopGroup(4, NioIoHandler.newFactory());
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "crash-test");
            thread.setDaemon(true);
            return thread;
        });
    }

    @AfterAll
    static void close() {
        network.shutdownGracefully();
        threads.shutdownNow();
    }

    private record Run(Mode mode, boolean declined, CrashPoint crash) {}

    /** @param reached how many runs came as far as their crash point */
    private record Outcome(int reached, List<String> problems) {}

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void whoever_dies_at_whatever_message_the_money_is_exact(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = TestDatabase.of(kind);
        Queue<Run> runs = new ConcurrentLinkedQueue<>();
        try (Bench bench = Bench.create(database, "count", network, threads)) {
            for (Mode mode : Mode.values()) {
                for (boolean declined : new boolean[] {false, true}) {
                    runs.addAll(runsOf(bench, mode, declined));
                }
            }
        }
        int count = runs.size();
        List<Future<Outcome>> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            String name = "row" + row;
            rows.add(threads.submit(() -> runAll(database, name, runs)));
        }
        List<String> problems = new ArrayList<>();
        int reached = 0;
        for (Future<Outcome> row : rows) {
            reached += row.get().reached;
            problems.addAll(row.get().problems);
        }
        log.info("{}: {} crash points, {} reached, {} ended wrong", kind, count, reached, problems.size());
        assertThat(problems).isEmpty();
        // Messages of two processes come in this order or that, so that now and then a run ends before its point.
        assertThat(reached).isGreaterThan(count * 9 / 10);
        assertThat(count).isGreaterThan(100);
    }

    private static List<Run> runsOf(Bench bench, Mode mode, boolean declined) throws Exception {
        Transfer counted = new Transfer(bench, mode, declined, null);
        assertThat(counted.run())
                .as("%s, declined %s, without a crash", mode, declined)
                .isEmpty();
        List<String> messages = counted.messages();
        log.info("{} {}: {}", mode, declined ? "declined" : "accepted", messages);
        List<Run> runs = new ArrayList<>();
        for (int message = 1; message <= messages.size(); message++) {
            for (CrashPoint.Mishap mishap : CrashPoint.Mishap.values()) {
                if (mishap == CrashPoint.Mishap.MESSAGE_TWICE
                        && messages.get(message - 1).endsWith(" BRANCH_REGISTER")) {
                    // Nobody sends it twice, and the line does not double anything by itself.
                    continue;
                }
                runs.add(new Run(mode, declined, new CrashPoint(mishap, message)));
            }
        }
        return runs;
    }

    private static Outcome runAll(TestDatabase database, String name, Queue<Run> runs) throws Exception {
        List<String> problems = new ArrayList<>();
        int reached = 0;
        Run run = runs.poll();
        while (run != null) {
            // A bench that saw a problem may be left in a state that spoils the next run.
            try (Bench bench = Bench.create(
                    database,
                    name + "_" + runs.size() + "_" + database.kind().name().toLowerCase(Locale.ROOT),
                    network,
                    threads)) {
                boolean clean = true;
                while (run != null && clean) {
                    Transfer transfer = new Transfer(bench, run.mode, run.declined, run.crash);
                    List<String> found;
                    try {
                        found = transfer.run();
                    } catch (Exception e) {
                        found = List.of("failed with " + e);
                    }
                    if (!found.isEmpty()) {
                        problems.add(run + " " + found + " after " + transfer.messages());
                        clean = false;
                    }
                    // An H2 that lives on while a process with a prepared branch dies never gets rid of its session.
                    clean &= database.kind() != TestDatabase.Kind.H2
                            || run.mode != Mode.XA
                            || !run.crash.mishap().isDeath();
                    reached += transfer.hasHappened() ? 1 : 0;
                    run = runs.poll();
                }
            }
        }
        return new Outcome(reached, problems);
    }
}
