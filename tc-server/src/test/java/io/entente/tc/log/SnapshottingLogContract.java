package io.entente.tc.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every engine promises that stores the snapshots it is given. */
public abstract class SnapshottingLogContract extends TransactionLogContract {

    @Test
    void a_snapshot_stands_for_the_entries_up_to_it() throws Exception {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 10);
        log.snapshot(7, state -> state.write("state after 7".getBytes(UTF_8))).get();
        appendNumbers(log, 11, 12);

        RecordedReplay replay = reopened(log);
        assertThat(replay.snapshotIndex()).isEqualTo(7);
        assertThat(replay.snapshot()).isEqualTo("state after 7".getBytes(UTF_8));
        assertThat(texts(replay)).containsExactly("8", "9", "10", "11", "12");
    }

    @Test
    void a_log_that_is_only_a_snapshot_goes_on_behind_it() throws Exception {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 3);
        log.snapshot(3, state -> state.write(1)).get();
        assertThat(reopened(log).payloads()).isEmpty();

        TransactionLog again = openRecovered();
        assertThat(again.append(payload("4"), TransactionLogContract::ignore)).isEqualTo(4);
        assertThat(texts(reopened(again))).containsExactly("4");
    }

    @Test
    void the_newest_snapshot_counts() throws Exception {
        TransactionLog log = openRecovered();
        for (int round = 1; round <= 5; round++) {
            appendNumbers(log, round * 10 - 9, round * 10);
            int state = round;
            log.snapshot(round * 10L - 2, output -> output.write(state)).get();
        }
        RecordedReplay replay = reopened(log);
        assertThat(replay.snapshot()).containsExactly(5);
        assertThat(texts(replay)).containsExactly("49", "50");
    }

    @Test
    void an_empty_and_a_large_state_come_back() throws Exception {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 1);
        log.snapshot(1, state -> {}).get();
        assertThat(reopened(log).snapshot()).isEmpty();

        byte[] large = new byte[3_000_001];
        new Random(3).nextBytes(large);
        TransactionLog again = openRecovered();
        appendNumbers(again, 2, 2);
        again.snapshot(2, state -> {
                    state.write(large, 0, 1_000_000);
                    state.write(large[1_000_000]);
                    state.write(large, 1_000_001, 2_000_000);
                })
                .get();
        assertThat(reopened(again).snapshot()).isEqualTo(large);
    }

    @Test
    void a_snapshot_that_cannot_be_written_leaves_the_log_as_it_is() {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 3);
        CompletableFuture<Void> failed = log.snapshot(2, state -> {
            state.write(new byte[100_000]);
            throw new IOException("thrown by a test");
        });
        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasMessageContaining("thrown by a test");
        appendNumbers(log, 4, 4);

        RecordedReplay replay = reopened(log);
        assertThat(replay.snapshot()).isNull();
        assertThat(texts(replay)).containsExactly("1", "2", "3", "4");
    }

    @Test
    void appending_goes_on_while_a_snapshot_is_written() throws Exception {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 1);
        CountDownLatch durable = new CountDownLatch(1);
        CompletableFuture<Void> snapshot = log.snapshot(1, state -> awaitInWriter(durable));
        log.append(payload("2"), index -> durable.countDown());
        snapshot.get();
        assertThat(texts(reopened(log))).containsExactly("2");
    }

    @Test
    void a_snapshot_of_no_entry_or_of_an_older_one_is_refused() throws Exception {
        TransactionLog log = openRecovered();
        assertThatIllegalArgumentException().isThrownBy(() -> log.snapshot(0, state -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> log.snapshot(1, state -> {}));
        appendNumbers(log, 1, 2);
        log.snapshot(2, state -> {}).get();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.snapshot(1, state -> {}))
                .withMessageContaining("newest entry is 2");
        assertThatIllegalArgumentException().isThrownBy(() -> log.snapshot(2, state -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> log.snapshot(3, state -> {}));
    }

    @Test
    void an_unfinished_snapshot_is_abandoned_when_the_log_is_closed() {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 2);
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Void> snapshot = log.snapshot(1, state -> {
            started.countDown();
            while (true) {
                state.write(new byte[10_000]);
            }
        });
        await(started);
        log.close();
        assertThatThrownBy(snapshot::get).isInstanceOf(ExecutionException.class).hasMessageContaining("abandoned");
        assertThat(texts(reopened(log))).containsExactly("1", "2");
    }

    @Test
    void bytes_since_the_snapshot_are_those_a_recovery_would_read() throws Exception {
        TransactionLog log = openRecovered();
        assertThat(log.bytesSinceSnapshot()).isZero();
        appendNumbers(log, 1, 100);
        long all = log.bytesSinceSnapshot();
        assertThat(all).isGreaterThanOrEqualTo(200);
        log.snapshot(100, state -> {}).get();
        assertThat(log.bytesSinceSnapshot()).isZero();
        appendNumbers(log, 101, 103);
        long behind = log.bytesSinceSnapshot();
        assertThat(behind).isBetween(1L, all - 1);
        log.close();

        assertThat(openRecovered().bytesSinceSnapshot()).isEqualTo(behind);
    }

    private static void awaitInWriter(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void a_closed_log_takes_no_snapshot() {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 1);
        log.close();
        assertThatIllegalStateException().isThrownBy(() -> log.snapshot(1, state -> {}));
    }

    @Test
    void statistics_count_snapshots() throws Exception {
        TransactionLog log = openRecovered();
        appendNumbers(log, 1, 10);
        log.snapshot(10, state -> {}).get();
        assertThat(log.statistics().snapshots()).isEqualTo(1);
    }
}
