package io.entente.tc.log.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.tc.log.LeadershipLostException;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.RecordedReplay;
import io.entente.tc.log.TransactionLog;
import java.nio.ByteBuffer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that share a log in a database: one leads, and nothing of an earlier leader gets through. */
class JdbcLogGroupTest {

    private static final Duration LEASE = Duration.ofMillis(900);

    private final List<Member> members = new CopyOnWriteArrayList<>();

    /** A process; its log is what it has while it leads. */
    private final class Member implements LogGroup.Listener {
        private final JdbcLogGroup group;
        private final AtomicBoolean mute = new AtomicBoolean();
        private volatile @Nullable TransactionLog log;
        private volatile @Nullable String follows = "?";
        private volatile List<String> recovered = List.of();
        private final List<LogFailedException> failures = new CopyOnWriteArrayList<>();
        private final AtomicBoolean reading = new AtomicBoolean();
        private final Consumer<LogReplay> beforeReading;

        Member(JdbcLogSettings settings, String address) {
            this(settings, address, replay -> {});
        }

        /** One that reads its log only when it may. */
        Member(JdbcLogSettings settings, String address, CountDownLatch mayRead) {
            this(settings, address, replay -> awaitUninterruptibly(mayRead));
        }

        Member(JdbcLogSettings settings, String address, Consumer<LogReplay> beforeReading) {
            this.beforeReading = beforeReading;
            JdbcLogSettings mutable = new JdbcLogSettings(
                    () -> {
                        if (mute.get()) {
                            throw new SQLException("cut off by a test", "08001");
                        }
                        return settings.connector().connect();
                    },
                    settings.name(),
                    settings.group(),
                    settings.lease(),
                    settings.maxEntryBytes(),
                    settings.maxPendingBytes());
            group = JdbcLogGroup.open(mutable, address);
            members.add(this);
            group.start(this);
        }

        @Override
        public void onLead(TransactionLog leading) {
            RecordedReplay replay = new RecordedReplay();
            reading.set(true);
            beforeReading.accept(replay);
            leading.recover(replay);
            recovered = replay.payloads().stream()
                    .map(payload -> new String(payload, UTF_8))
                    .toList();
            follows = null;
            log = leading;
        }

        @Override
        public void onFollow(@Nullable String leader) {
            log = null;
            follows = leader == null ? "nobody" : leader;
        }

        @Override
        public void onHandOver(@Nullable String next) {
            TransactionLog leading = log;
            if (leading != null) {
                leading.close();
            }
        }

        @Override
        public void onFailure(LogFailedException failure) {
            failures.add(failure);
        }

        TransactionLog log() {
            return Objects.requireNonNull(log);
        }

        void store(String text) {
            AtomicBoolean durable = new AtomicBoolean();
            log().append(ByteBuffer.wrap(text.getBytes(UTF_8)), index -> durable.set(true));
            await().untilTrue(durable);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close_all() {
        members.forEach(member -> member.group.close());
    }

    @ParameterizedTest
    @EnumSource
    void whoever_is_closed_passes_the_lead_on_with_all_that_was_stored(LogDatabase database) {
        JdbcLogSettings settings = database.newGroup(LEASE);
        Member first = new Member(settings, "a:1");
        Member second = new Member(settings, "b:2");
        assertThat(first.log).isNotNull();
        assertThat(second.follows).isEqualTo("a:1");
        first.store("one");
        first.store("two");
        first.group.close();
        await().untilAsserted(() -> assertThat(second.log).isNotNull());
        assertThat(second.recovered).containsExactly("one", "two");
        second.store("three");
        Member third = new Member(settings, "c:3");
        assertThat(third.follows).isEqualTo("b:2");
        assertThat(second.group.statistics().entries()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void what_a_leader_stores_that_has_been_replaced_does_not_get_in(LogDatabase database) throws SQLException {
        JdbcLogSettings settings = database.newGroup(Duration.ofSeconds(30));
        Member old = new Member(settings, "a:1");
        TransactionLog oldLog = old.log();
        old.store("one");
        // As if it had been away for longer than the lease, and another one had come.
        database.run("UPDATE entente_log_lead SET term = term + 1, leader = 'b:2' WHERE log_group = '"
                + settings.group() + "'");
        AtomicBoolean acknowledged = new AtomicBoolean();
        oldLog.append(ByteBuffer.wrap("lost".getBytes(UTF_8)), index -> acknowledged.set(true));
        await().untilAsserted(() -> assertThat(old.follows).isEqualTo("b:2"));
        assertThat(acknowledged).isFalse();
        assertThatThrownBy(() -> oldLog.append(ByteBuffer.wrap(new byte[1]), index -> {}))
                .isInstanceOfAny(LeadershipLostException.class, IllegalStateException.class);
        database.run("UPDATE entente_log_lead SET lead_until = '1970-01-02 00:00:00' WHERE log_group = '"
                + settings.group() + "'");
        Member next = new Member(settings, "c:3");
        await().untilAsserted(() -> assertThat(members.stream().anyMatch(member -> member.log != null))
                .isTrue());
        Member leads = next.log == null ? old : next;
        assertThat(leads.recovered).containsExactly("one");
    }

    @ParameterizedTest
    @EnumSource
    void who_has_been_replaced_learns_it_before_it_answers_a_question(LogDatabase database) throws SQLException {
        JdbcLogSettings settings = database.newGroup(Duration.ofSeconds(30));
        Member old = new Member(settings, "a:1");
        old.store("one");
        assertThat(old.log().leadsForSure()).isFalse();
        AtomicBoolean answered = new AtomicBoolean();
        old.log().barrier(() -> answered.set(true));
        await().untilTrue(answered);
        TransactionLog oldLog = old.log();
        database.run("UPDATE entente_log_lead SET term = term + 1, leader = 'b:2' WHERE log_group = '"
                + settings.group() + "'");
        AtomicBoolean stale = new AtomicBoolean();
        oldLog.barrier(() -> stale.set(true));
        await().untilAsserted(() -> assertThat(old.follows).isEqualTo("b:2"));
        assertThat(stale).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_snapshot_of_a_leader_that_has_been_replaced_takes_no_entries_away(LogDatabase database) throws Exception {
        JdbcLogSettings settings = database.newGroup(Duration.ofSeconds(30));
        Lease lease = new Lease(settings);
        try (LogConnection connection = LogConnection.open(settings)) {
            long term = lease.take(connection, "a:1");
            TransactionLog log = JdbcLog.open(settings, lease, term, failure -> {});
            log.recover(new RecordedReplay());
            log.append(ByteBuffer.wrap("one".getBytes(UTF_8)), index -> {});
            log.snapshot(1, state -> {
                        state.write(1);
                        replace(database, settings);
                    })
                    .handle((done, problem) -> problem == null)
                    .get();
            log.close();
        }
        try (LogConnection connection = LogConnection.open(settings)) {
            int[] batches = {0};
            connection.query(
                    row -> batches[0] = row.getInt(1),
                    "SELECT COUNT(*) FROM entente_log_batch WHERE log_group = ?",
                    settings.group());
            assertThat(batches[0]).isEqualTo(1);
        }
    }

    private static void replace(LogDatabase database, JdbcLogSettings settings) {
        try {
            database.run("UPDATE entente_log_lead SET term = term + 1 WHERE log_group = '" + settings.group() + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_leader_that_the_database_has_cut_off_leads_again_with_what_is_there(LogDatabase database)
            throws SQLException {
        JdbcLogSettings settings = database.newGroup(LEASE);
        Member member = new Member(settings, "a:1");
        TransactionLog before = member.log();
        member.store("one");
        database.cutOffAll();
        before.append(ByteBuffer.wrap("two".getBytes(UTF_8)), index -> {});
        await().untilAsserted(() -> assertThat(member.log).isNotNull().isNotSameAs(before));
        assertThat(member.recovered).startsWith("one");
        member.store("three");
        assertThat(member.failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void another_takes_the_lead_of_one_that_reaches_the_database_no_more(LogDatabase database) throws SQLException {
        JdbcLogSettings settings = database.newGroup(LEASE);
        Member cutOff = new Member(settings, "a:1");
        cutOff.store("one");
        Member other = new Member(settings, "b:2");
        assertThat(other.follows).isEqualTo("a:1");
        cutOff.mute.set(true);
        database.cutOffAll();
        await().untilAsserted(() -> assertThat(cutOff.follows).isEqualTo("nobody"));
        await().untilAsserted(() -> assertThat(other.log).isNotNull());
        assertThat(other.recovered).containsExactly("one");
        cutOff.mute.set(false);
        await().untilAsserted(() -> assertThat(cutOff.follows).isEqualTo("b:2"));
    }

    @ParameterizedTest
    @EnumSource
    void a_leader_that_reads_for_longer_than_its_lease_keeps_it(LogDatabase database) {
        JdbcLogSettings settings = database.newGroup(LEASE);
        CountDownLatch read = new CountDownLatch(1);
        CompletableFuture<Member> slow = CompletableFuture.supplyAsync(() -> new Member(settings, "a:1", read));
        await().untilAsserted(() -> assertThat(members).hasSize(1));
        Member first = members.get(0);
        await().untilTrue(first.reading);
        Member other = new Member(settings, "b:2");
        await().during(LEASE.multipliedBy(3))
                .untilAsserted(() -> assertThat(other.log).isNull());
        assertThat(other.follows).isEqualTo("a:1");
        read.countDown();
        slow.join().store("one");
        assertThat(other.log).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void a_database_that_goes_away_while_the_log_is_read_ends_no_process(LogDatabase database) throws SQLException {
        JdbcLogSettings settings = database.newGroup(LEASE);
        Member before = new Member(settings, "a:1");
        before.store("one");
        before.group.close();
        AtomicBoolean away = new AtomicBoolean(true);
        Member next = new Member(settings, "b:2", replay -> {
            if (away.getAndSet(false)) {
                cutOff(database);
            }
        });
        await().untilAsserted(() -> assertThat(next.log).isNotNull());
        assertThat(next.recovered).containsExactly("one");
        assertThat(away).isFalse();
        assertThat(next.failures).isEmpty();
        next.store("two");
    }

    private static void cutOff(LogDatabase database) {
        try {
            database.cutOffAll();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_log_with_an_entry_missing_is_not_used(LogDatabase database) throws SQLException {
        JdbcLogSettings settings = database.newGroup(LEASE);
        Member member = new Member(settings, "a:1");
        member.store("one");
        member.store("two");
        member.store("three");
        member.group.close();
        database.run("DELETE FROM entente_log_batch WHERE last_index = 2 AND log_group = '" + settings.group() + "'");
        assertThatThrownBy(() -> new Member(settings, "b:2"))
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining("entry 2 is missing")
                .hasMessageContaining("backup");
    }

    @Test
    void a_database_that_is_not_there_stops_the_start() {
        JdbcLogSettings nowhere = JdbcLogSettings.of(
                () -> DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/x", "u", "p"), "nowhere", "g", LEASE);
        assertThatThrownBy(() -> JdbcLogGroup.open(nowhere, "a:1"))
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("refused");
    }
}
