package io.entente.tc.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What every engine of {@link TransactionLog} promises. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class TransactionLogContract {

    protected static final int MAX_ENTRY_BYTES = 1024 * 1024;

    private final List<TransactionLog> opened = new ArrayList<>();

    /** Opens the one log of this test; after it was closed, the same log again. Its entry limit is {@link #MAX_ENTRY_BYTES}. */
    protected abstract TransactionLog open(Consumer<LogFailedException> failureListener);

    /** For an engine that hands over a state where others hand over entries: takes the one and tells of the other. */
    protected LogReplay replay(RecordedReplay recorded) {
        return recorded;
    }

    @AfterEach
    final void close_logs() {
        opened.forEach(TransactionLog::close);
    }

    protected final TransactionLog open() {
        TransactionLog log = open(failure -> {
            throw new AssertionError("the log failed", failure);
        });
        opened.add(log);
        return log;
    }

    protected final TransactionLog openRecovered() {
        TransactionLog log = open();
        log.recover(replay(new RecordedReplay()));
        return log;
    }

    protected final RecordedReplay reopened(TransactionLog log) {
        log.close();
        RecordedReplay replay = new RecordedReplay();
        TransactionLog again = open();
        again.recover(replay(replay));
        again.close();
        return replay;
    }

    @Test
    void a_new_log_is_empty_and_counts_from_one() {
        TransactionLog log = open();
        RecordedReplay replay = new RecordedReplay();
        Recovery recovery = log.recover(replay);

        assertThat(recovery).isEqualTo(new Recovery(0, 0, 0, 0));
        assertThat(replay.payloads()).isEmpty();
        assertThat(replay.snapshot()).isNull();
        assertThat(log.append(payload("a"), TransactionLogContract::ignore)).isEqualTo(1);
        assertThat(log.append(payload("b"), TransactionLogContract::ignore)).isEqualTo(2);
    }

    @Test
    void entries_come_back_in_order_and_unchanged() {
        TransactionLog log = openRecovered();
        List<byte[]> written = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            byte[] payload = new byte[1 + random.nextInt(2000)];
            random.nextBytes(payload);
            written.add(payload);
            log.append(ByteBuffer.wrap(payload), TransactionLogContract::ignore);
        }
        assertThat(reopened(log).payloads()).containsExactlyElementsOf(written);
    }

    @Test
    void numbering_goes_on_after_a_restart() {
        TransactionLog log = openRecovered();
        log.append(payload("a"), TransactionLogContract::ignore);
        log.append(payload("b"), TransactionLogContract::ignore);
        log.close();

        TransactionLog again = open();
        Recovery recovery = again.recover(replay(new RecordedReplay()));
        assertThat(recovery.lastIndex()).isEqualTo(2);
        assertThat(recovery.snapshotIndex() + recovery.entries()).isEqualTo(2);
        assertThat(again.append(payload("c"), TransactionLogContract::ignore)).isEqualTo(3);
        assertThat(texts(reopened(again))).containsExactly("a", "b", "c");
    }

    @Test
    void entries_of_any_size_come_back() {
        TransactionLog log = openRecovered();
        List<byte[]> written = new ArrayList<>();
        Random random = new Random(11);
        for (int size : new int[] {1, MAX_ENTRY_BYTES, 2, 70_000, MAX_ENTRY_BYTES, MAX_ENTRY_BYTES / 2, 3}) {
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            written.add(payload);
            log.append(ByteBuffer.wrap(payload), TransactionLogContract::ignore);
        }
        assertThat(reopened(log).payloads()).containsExactlyElementsOf(written);
    }

    @Test
    void the_payload_is_copied_and_its_position_stays() {
        TransactionLog log = openRecovered();
        ByteBuffer payload =
                ByteBuffer.wrap("--abc--".getBytes(UTF_8)).position(2).limit(5);
        log.append(payload, TransactionLogContract::ignore);
        assertThat(payload.position()).isEqualTo(2);
        assertThat(payload.limit()).isEqualTo(5);
        payload.put(2, (byte) 'x');
        ByteBuffer direct =
                ByteBuffer.allocateDirect(3).put("def".getBytes(UTF_8)).flip();
        log.append(direct.asReadOnlyBuffer(), TransactionLogContract::ignore);

        assertThat(texts(reopened(log))).containsExactly("abc", "def");
    }

    @Test
    void empty_and_oversized_entries_are_refused_and_leave_no_gap() {
        TransactionLog log = openRecovered();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.append(ByteBuffer.allocate(0), TransactionLogContract::ignore))
                .withMessageContaining("0 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.append(ByteBuffer.allocate(MAX_ENTRY_BYTES + 1), TransactionLogContract::ignore))
                .withMessageContaining("cannot be stored");
        assertThat(log.append(payload("a"), TransactionLogContract::ignore)).isEqualTo(1);
    }

    @Test
    void callbacks_run_in_order_with_their_index() throws InterruptedException {
        TransactionLog log = openRecovered();
        List<Long> called = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(1);
        for (int i = 0; i < 5_000; i++) {
            log.append(payload("entry " + i), called::add);
        }
        log.barrier(done::countDown);
        await(done);
        assertThat(called)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 5_000).boxed().toList());
    }

    @Test
    void a_barrier_runs_after_what_was_appended_before_and_before_what_comes_later() throws InterruptedException {
        TransactionLog log = openRecovered();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(1);
        log.append(payload("a"), index -> order.add("a"));
        log.barrier(() -> order.add("barrier"));
        log.append(payload("b"), index -> order.add("b"));
        log.barrier(done::countDown);
        await(done);
        assertThat(order).containsExactly("a", "barrier", "b");
    }

    @Test
    void a_barrier_on_an_idle_log_runs() throws InterruptedException {
        TransactionLog log = openRecovered();
        CountDownLatch done = new CountDownLatch(2);
        log.barrier(done::countDown);
        log.barrier(done::countDown);
        await(done);
        assertThat(log.statistics().syncs()).isZero();
    }

    @Test
    void a_callback_that_throws_costs_the_others_nothing() throws InterruptedException {
        TransactionLog log = openRecovered();
        CountDownLatch done = new CountDownLatch(2);
        log.append(payload("a"), index -> {
            throw new IllegalStateException("thrown by a test");
        });
        log.append(payload("b"), index -> done.countDown());
        log.barrier(() -> {
            throw new AssertionError("thrown by a test");
        });
        log.append(payload("c"), index -> done.countDown());
        await(done);
    }

    @Test
    void a_callback_may_append() throws InterruptedException {
        TransactionLog log = openRecovered();
        CountDownLatch done = new CountDownLatch(1);
        log.append(payload("a"), first -> log.append(payload("b"), second -> done.countDown()));
        await(done);
        assertThat(texts(reopened(log))).containsExactly("a", "b");
    }

    @Test
    void appenders_in_parallel_get_every_index_once() throws InterruptedException {
        TransactionLog log = openRecovered();
        int threads = 4;
        int perThread = 2_000;
        long[][] indexes = new long[threads][perThread];
        CountDownLatch durable = new CountDownLatch(threads * perThread);
        List<Thread> appenders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            appenders.add(new Thread(() -> {
                for (int i = 0; i < perThread; i++) {
                    indexes[thread][i] = log.append(payload(thread + ":" + i), index -> durable.countDown());
                }
            }));
        }
        appenders.forEach(Thread::start);
        for (Thread appender : appenders) {
            appender.join();
        }
        await(durable);
        List<String> stored = texts(reopened(log));
        assertThat(stored).hasSize(threads * perThread);
        for (int t = 0; t < threads; t++) {
            assertThat(indexes[t]).isSorted();
            for (int i = 0; i < perThread; i++) {
                assertThat(stored.get((int) indexes[t][i] - 1)).isEqualTo(t + ":" + i);
            }
        }
    }

    @Test
    void an_interrupted_appender_harms_nobody() throws InterruptedException {
        TransactionLog log = openRecovered();
        Thread.currentThread().interrupt();
        log.append(payload("a"), TransactionLogContract::ignore);
        log.barrier(() -> {});
        assertThat(Thread.interrupted()).isTrue();
        CountDownLatch done = new CountDownLatch(1);
        log.append(payload("b"), index -> done.countDown());
        await(done);
        assertThat(texts(reopened(log))).containsExactly("a", "b");
    }

    @Test
    void closing_makes_durable_what_was_appended_and_runs_its_callbacks() {
        TransactionLog log = openRecovered();
        List<Long> called = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 100; i++) {
            log.append(payload("entry"), called::add);
        }
        log.close();
        assertThat(called).hasSize(100);
        log.close();
        assertThat(reopened(log).lastIndex()).isEqualTo(100);
    }

    @Test
    void closing_in_a_callback_gives_the_storage_free() {
        TransactionLog log = openRecovered();
        log.append(payload("a"), index -> log.close());
        assertThat(texts(reopened(log))).containsExactly("a");
    }

    @Test
    void use_out_of_order_is_refused() {
        TransactionLog log = open();
        assertThatIllegalStateException()
                .isThrownBy(() -> log.append(payload("a"), TransactionLogContract::ignore))
                .withMessageContaining("recover first");
        log.recover(replay(new RecordedReplay()));
        assertThatIllegalStateException().isThrownBy(() -> log.recover(replay(new RecordedReplay())));
        log.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> log.append(payload("a"), TransactionLogContract::ignore))
                .withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> log.barrier(() -> {}));
    }

    @Test
    void statistics_count_what_became_durable() throws Exception {
        TransactionLog log = openRecovered();
        CountDownLatch done = new CountDownLatch(1);
        appendNumbers(log, 1, 10);
        log.barrier(done::countDown);
        await(done);
        LogStatistics statistics = log.statistics();
        assertThat(statistics.entries()).isEqualTo(10);
        assertThat(statistics.durableIndex()).isEqualTo(10);
        assertThat(statistics.bytes()).isGreaterThan(10);
        assertThat(statistics.syncs()).isBetween(1L, 10L);
    }

    protected static void ignore(long index) {}

    protected static ByteBuffer payload(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    protected static List<String> texts(RecordedReplay replay) {
        return replay.payloads().stream().map(bytes -> new String(bytes, UTF_8)).toList();
    }

    protected static void appendNumbers(TransactionLog log, int from, int to) {
        for (int i = from; i <= to; i++) {
            assertThat(log.append(payload(Integer.toString(i)), TransactionLogContract::ignore))
                    .isEqualTo(i);
        }
    }

    protected static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
