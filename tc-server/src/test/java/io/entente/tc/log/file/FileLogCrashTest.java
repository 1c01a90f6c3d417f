package io.entente.tc.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.TransactionLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.slf4j.LoggerFactory;

/** Whatever the moment of a crash: every acknowledged entry is there, and the log starts. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class FileLogCrashTest {

    private static final FileLogSettings SETTINGS =
            FileLogSettings.in(Path.of("simulated")).withSegmentBytes(2 * 1024).withMaxEntryBytes(8 * 1024);

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.entente.tc.log.file");

    private final AtomicLong acknowledged = new AtomicLong();

    /** Hundreds of intended failures would bury what other tests log. */
    @BeforeAll
    static void silence() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        LOGGER.setLevel(null);
    }

    @Test
    void no_crash_point_loses_an_acknowledged_entry_or_keeps_the_log_from_starting() {
        int stops = 0;
        for (int operation = 0; operation < 150; operation++) {
            for (boolean powerFails : new boolean[] {false, true}) {
                long seed = operation * 2L + (powerFails ? 1 : 0);
                SimulatedDisk disk = new SimulatedDisk(new Random(seed));
                acknowledged.set(0);
                if (runUntilStopped(disk, operation, 60)) {
                    stops++;
                }
                requireIntact(powerFails ? disk.afterPowerFailure() : disk.afterKill(), seed);
            }
        }
        assertThat(stops).isGreaterThan(100);
    }

    @Test
    void crashes_one_after_another_lose_nothing() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            SimulatedDisk disk = new SimulatedDisk(random);
            acknowledged.set(0);
            for (int round = 0; round < 12; round++) {
                runUntilStopped(disk, random.nextInt(120), 80);
                disk = random.nextInt(3) == 0 ? disk.afterKill() : disk.afterPowerFailure();
            }
            requireIntact(disk, seed);
        }
    }

    @Test
    void what_a_recovery_handed_over_survives_the_next_power_failure() {
        for (int seed = 0; seed < 100; seed++) {
            SimulatedDisk disk = new SimulatedDisk(new Random(seed));
            acknowledged.set(0);
            runUntilStopped(disk, 12 + seed % 30, 40);
            SimulatedDisk afterKill = disk.afterKill();
            TransactionLog log = FileLog.open(afterKill, SETTINGS, failure -> {});
            Recovery recovery = log.recover(new NumberedState());
            acknowledged.set(recovery.lastIndex());
            SimulatedDisk afterPowerFailure = afterKill.afterPowerFailure();
            log.close();
            requireIntact(afterPowerFailure, seed);
        }
    }

    /** Appends, with a snapshot now and then, until the disk stops; true when it did. */
    private boolean runUntilStopped(SimulatedDisk disk, int operations, int entries) {
        AtomicReference<Semaphore> durableOrFailed = new AtomicReference<>(new Semaphore(0));
        NumberedState state = new NumberedState();
        List<CompletableFuture<Void>> snapshots = new ArrayList<>();
        disk.stopAfter(operations);
        try (TransactionLog log =
                FileLog.open(disk, SETTINGS, failure -> durableOrFailed.get().release())) {
            log.recover(state);
            acknowledged.accumulateAndGet(state.index(), Math::max);
            for (int i = 1; i <= entries; i++) {
                log.append(state.next(), index -> acknowledged.set(index));
                if (i % 5 == 0) {
                    Semaphore durable = new Semaphore(0);
                    durableOrFailed.set(durable);
                    log.barrier(durable::release);
                    durable.acquireUninterruptibly();
                }
                if (i % 13 == 0) {
                    snapshots.add(log.snapshot(state.index(), state.frozen()));
                }
            }
            snapshots.forEach(FileLogCrashTest::awaitEnd);
        } catch (LogUnusableException | LogFailedException e) {
            if (!disk.hasStopped()) {
                throw e;
            }
        }
        return disk.hasStopped();
    }

    private void requireIntact(SimulatedDisk disk, long seed) {
        NumberedState state = new NumberedState();
        try (TransactionLog log = FileLog.open(disk, SETTINGS, failure -> {})) {
            log.recover(state);
        } catch (RuntimeException | AssertionError e) {
            fail("seed " + seed + ": the log does not start after the crash; acknowledged: " + acknowledged, e);
        }
        assertThat(state.index())
                .as("entries after the crash, seed %d", seed)
                .isGreaterThanOrEqualTo(acknowledged.get());
    }

    @Test
    void a_failed_sync_or_write_stops_the_log_for_good() throws InterruptedException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        List<LogFailedException> failures = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch failed = new CountDownLatch(1);
        try (TransactionLog log = FileLog.open(disk, SETTINGS, failure -> {
            failures.add(failure);
            failed.countDown();
        })) {
            log.recover(new NumberedState());
            List<Long> acknowledgedIndexes = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch first = new CountDownLatch(1);
            log.append(NumberedState.entry(1), index -> {
                acknowledgedIndexes.add(index);
                first.countDown();
            });
            await(first);
            disk.stopAfter(1); // the write succeeds, the sync does not
            log.append(NumberedState.entry(2), acknowledgedIndexes::add);
            await(failed);

            assertThatThrownBy(() -> log.append(NumberedState.entry(3), acknowledgedIndexes::add))
                    .isInstanceOf(LogFailedException.class)
                    .hasRootCauseInstanceOf(SimulatedDisk.StoppedException.class);
            assertThatThrownBy(() -> log.barrier(() -> acknowledgedIndexes.add(99L)))
                    .isInstanceOf(LogFailedException.class);
            assertThatThrownBy(() -> log.snapshot(1, output -> {})).isInstanceOf(LogFailedException.class);
            assertThat(acknowledgedIndexes).containsExactly(1L);
        }
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0)).hasMessageContaining("Nothing after entry 1 is acknowledged");
    }

    @Test
    void a_listener_may_close_the_failed_log() throws InterruptedException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        CountDownLatch closed = new CountDownLatch(1);
        TransactionLog[] log = new TransactionLog[1];
        log[0] = FileLog.open(disk, SETTINGS, failure -> {
            log[0].close();
            closed.countDown();
        });
        log[0].recover(new NumberedState());
        disk.stopAfter(0);
        log[0].append(NumberedState.entry(1), index -> {});
        await(closed);
        log[0].close();
    }

    @Test
    void an_appender_that_waits_for_room_learns_of_the_failure() {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        try (TransactionLog log = FileLog.open(disk, SETTINGS.withMaxPendingBytes(100), failure -> {})) {
            log.recover(new NumberedState());
            disk.stopAfter(5);
            assertThatThrownBy(() -> {
                        for (int i = 1; i < 1000; i++) {
                            log.append(NumberedState.entry(i), index -> {});
                        }
                    })
                    .isInstanceOf(LogFailedException.class);
        }
    }

    private static void awaitEnd(CompletableFuture<Void> snapshot) {
        try {
            snapshot.orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            assertThat(e).hasRootCauseInstanceOf(SimulatedDisk.StoppedException.class);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
