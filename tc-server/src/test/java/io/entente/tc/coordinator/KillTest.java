package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.log.jdbc.LogDatabase;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A coordinator killed under load: whatever it acknowledged is there after the restart. */
class KillTest {
    private static final int ROUNDS = 5;
    private static final int APPLICATIONS_THREADS = 8;
    private static final int MOST_ACKNOWLEDGED_BEFORE_KILL = 1_500;

    @TempDir
    Path directory;

    /** What a transaction's own thread knows of it for sure. */
    private static final class Known {
        private final Set<Long> branches = ConcurrentHashMap.newKeySet();
        private volatile boolean registering;
        private volatile boolean deciding;
        private volatile boolean committed;
        private volatile boolean rolledBack;
    }

    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> ids = new ConcurrentLinkedQueue<>();

    /** Where the log is. */
    private enum Log {
        FILES,
        POSTGRESQL,
        MARIADB;

        List<String> arguments() {
            return this == FILES
                    ? List.of()
                    : List.of(LogDatabase.valueOf(name()).url(), "kill-test");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_acknowledged_before_a_kill_is_there_after_it(Log log) throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            try (CoordinatorProcess process = CoordinatorProcess.start(
                            directory.resolve("data"), directory.resolve("process.log"), log.arguments());
                    TestClient shop = TestClient.connect(process.port(), "shop", "stock-db")) {
                CountDownLatch acknowledged = new CountDownLatch(50 + random.nextInt(MOST_ACKNOWLEDGED_BEFORE_KILL));
                List<Future<?>> work = new ArrayList<>();
                ExecutorService threads = Executors.newFixedThreadPool(APPLICATIONS_THREADS);
                for (int i = 0; i < APPLICATIONS_THREADS; i++) {
                    long threadSeed = random.nextLong();
                    work.add(threads.submit(() -> buyUntilKilled(shop, new Random(threadSeed), acknowledged)));
                }
                acknowledged.await();
                process.kill();
                threads.shutdown();
                for (Future<?> each : work) {
                    each.get();
                }
            }
            try (CoordinatorUnderTest tc = restarted(log)) {
                assertThat(tc.look(this::contradictions))
                        .as("seed %d, round %d", seed, round)
                        .isEmpty();
                tc.client("shop", "stock-db");
                await().untilAsserted(
                                () -> assertThat(tc.look(KillTest::inPhaseTwo)).isZero());
                assertThat(tc.look(KillTest::wrongLocks))
                        .as("seed %d, round %d", seed, round)
                        .isZero();
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(known.values()).anyMatch(each -> each.committed).anyMatch(each -> each.rolledBack);
        System.out.println("KillTest: " + known.size() + " transactions, " + ids.size() + " ids");
    }

    private CoordinatorUnderTest restarted(Log log) {
        Path data = directory.resolve("data");
        if (log == Log.FILES) {
            return CoordinatorUnderTest.start(data);
        }
        return CoordinatorUnderTest.leading(
                CoordinatorSettings.in(data).withPort(0).withAdvertisedAddress("127.0.0.1:1"),
                CoordinatorProcess.database(
                        log.arguments().get(0), log.arguments().get(1)));
    }

    private void buyUntilKilled(TestClient shop, Random random, CountDownLatch acknowledged) {
        try {
            while (true) {
                String xid = shop.begin("purchase", 3_600_000);
                Known transaction = new Known();
                known.put(xid, transaction);
                ids.add(Transactions.idOf(xid));
                acknowledged.countDown();
                for (int i = random.nextInt(3); i > 0; i--) {
                    transaction.registering = true;
                    long branch = shop.branch(xid, "stock-db", "stock:" + Transactions.idOf(xid) + "-" + i);
                    transaction.registering = false;
                    transaction.branches.add(branch);
                    ids.add(branch);
                    acknowledged.countDown();
                }
                int next = random.nextInt(10);
                if (next < 6) {
                    transaction.deciding = true;
                    shop.commit(xid);
                    transaction.committed = true;
                } else if (next < 8) {
                    transaction.deciding = true;
                    shop.rollback(xid);
                    transaction.rolledBack = true;
                }
                acknowledged.countDown();
            }
        } catch (CoordinatorUnreachableException expected) {
            // Killed; what this thread was waiting for may or may not have happened.
        }
    }

    private List<String> contradictions(TransactionState state) {
        List<String> wrong = new ArrayList<>();
        known.forEach((xid, transaction) -> {
            long id = Transactions.idOf(xid);
            GlobalTransaction open = state.transaction(id);
            Phase phase = open == null ? state.outcome(id) : open.phase();
            if (!isPossible(transaction, phase)) {
                wrong.add(xid + " is " + phase + " but committed=" + transaction.committed + ", rolled back="
                        + transaction.rolledBack + ", deciding=" + transaction.deciding);
            }
            if (open != null && open.phase() == Phase.ACTIVE) {
                Set<Long> there = ConcurrentHashMap.newKeySet();
                open.branches().forEach(branch -> there.add(branch.id()));
                int unacknowledged = there.size() - transaction.branches.size();
                if (!there.containsAll(transaction.branches) || unacknowledged > (transaction.registering ? 1 : 0)) {
                    wrong.add(xid + " has the branches " + there + ", acknowledged were " + transaction.branches);
                }
            }
        });
        return wrong;
    }

    private static boolean isPossible(Known transaction, Phase phase) {
        if (phase == null) {
            return false;
        }
        if (transaction.committed) {
            return phase.isCommit();
        }
        if (transaction.rolledBack) {
            return phase == Phase.ROLLED_BACK || phase == Phase.ROLLING_BACK;
        }
        return transaction.deciding || phase == Phase.ACTIVE;
    }

    private static long inPhaseTwo(TransactionState state) {
        return state.transactions().stream()
                .filter(transaction -> transaction.phase() != Phase.ACTIVE)
                .count();
    }

    /** Every row here belongs to one branch, so locks and rows of branches must be the same number. */
    private static int wrongLocks(TransactionState state) {
        int rows = state.transactions().stream()
                .flatMap(transaction -> transaction.branches().stream())
                .mapToInt(branch -> branch.rows().size())
                .sum();
        return state.locks().size() - rows;
    }
}
