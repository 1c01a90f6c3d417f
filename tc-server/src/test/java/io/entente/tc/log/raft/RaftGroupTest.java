package io.entente.tc.log.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.tc.log.Cluster;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.ClusterRefusedException;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.log.LeadershipLostException;
import io.entente.tc.log.RecordedReplay;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.TransactionLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members in one process, over real sockets. */
class RaftGroupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ClusterMember> addresses = FreeMembers.addresses(4);
    private final List<ClusterMember> founders = addresses.subList(0, 3);
    private final Map<ClusterMember, Member> running = new HashMap<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        List.copyOf(running.values()).forEach(Member::close);
    }

    private Member start(ClusterMember address) {
        return start(address, Long.MAX_VALUE);
    }

    private Member start(ClusterMember address, long snapshotBytes) {
        Member member = Member.start(
                address, founders, directory.resolve(String.valueOf(address.port())), snapshotBytes, 1 << 20);
        running.put(address, member);
        return member;
    }

    private void startAll() {
        founders.forEach(this::start);
    }

    private void stop(Member member) {
        running.values().remove(member);
        member.close();
    }

    private Member leader() {
        return await().atMost(PATIENCE).until(this::leading, leader -> leader != null);
    }

    private @Nullable Member leading() {
        return running.values().stream()
                .filter(member -> member.log() != null)
                .findFirst()
                .orElse(null);
    }

    private static Recovery recover(Member leader) {
        return recover(leader, new RecordedReplay());
    }

    private static Recovery recover(Member leader, RecordedReplay replay) {
        return leader.awaitLead().recover(ListedEntries.asEntries(replay));
    }

    private static CompletableFuture<Long> append(TransactionLog log, String text) {
        CompletableFuture<Long> durable = new CompletableFuture<>();
        log.append(ByteBuffer.wrap(text.getBytes(UTF_8)), durable::complete);
        return durable;
    }

    private static void appendNumbers(TransactionLog log, int from, int to) throws Exception {
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            all.add(append(log, String.valueOf(i)));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void one_leads_and_the_others_have_what_it_appends_and_know_where_it_is() throws Exception {
        startAll();
        Member leader = leader();
        recover(leader);
        appendNumbers(leader.log(), 1, 1_000);

        for (Member member : running.values()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(member.replica().texts()).isEqualTo(numbers(1, 1_000)));
            if (member != leader) {
                assertThat(member.log()).isNull();
                assertThat(member.leader())
                        .isEqualTo(leader.group().cluster().self().address());
            }
        }
    }

    @Test
    void the_next_leader_has_all_that_was_acknowledged_and_numbering_goes_on() throws Exception {
        startAll();
        Member first = leader();
        recover(first);
        appendNumbers(first.log(), 1, 500);
        stop(first);

        Member second = leader();
        RecordedReplay replay = new RecordedReplay();
        assertThat(recover(second, replay).lastIndex()).isEqualTo(500);
        assertThat(replay.payloads()).hasSize(500);
        assertThat(append(second.log(), "501").get(30, TimeUnit.SECONDS)).isEqualTo(501);

        Member again = start(first.group().cluster().self());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(again.replica().texts()).isEqualTo(numbers(1, 501)));
    }

    @Test
    void without_a_majority_nothing_is_acknowledged_and_the_lead_is_lost() throws Exception {
        startAll();
        Member leader = leader();
        recover(leader);
        TransactionLog log = leader.log();
        appendNumbers(log, 1, 10);
        List.copyOf(running.values()).stream().filter(m -> m != leader).forEach(this::stop);

        CompletableFuture<Long> entry = append(log, "11");
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        log.barrier(() -> read.complete(true));
        await().atMost(PATIENCE).until(() -> leader.log() == null);

        assertThat(entry).isNotDone();
        assertThat(read).isNotDone();
        assertThatThrownBy(() -> append(log, "12")).isInstanceOf(LeadershipLostException.class);
        assertThatThrownBy(() -> log.barrier(() -> {})).isInstanceOf(LeadershipLostException.class);
        assertThat(leader.failure()).isNull();

        founders.stream().filter(address -> !running.containsKey(address)).forEach(this::start);
        Member next = leader();
        assertThat(recover(next).lastIndex()).isBetween(10L, 11L);
        assertThat(entry).isNotDone();
    }

    @Test
    void who_only_reads_waits_for_a_majority_too() throws Exception {
        startAll();
        Member leader = leader();
        recover(leader);
        TransactionLog log = leader.log();
        appendNumbers(log, 1, 10);
        CompletableFuture<Boolean> before = new CompletableFuture<>();
        log.barrier(() -> before.complete(true));
        assertThat(before).succeedsWithin(PATIENCE);
        List.copyOf(running.values()).stream().filter(m -> m != leader).forEach(this::stop);

        CompletableFuture<Boolean> after = new CompletableFuture<>();
        log.barrier(() -> after.complete(true));
        await().atMost(PATIENCE).until(() -> leader.log() == null);
        assertThat(after).isNotDone();
    }

    @Test
    void the_lead_is_passed_on_when_asked_to() throws Exception {
        startAll();
        Member first = leader();
        recover(first);
        appendNumbers(first.log(), 1, 100);
        Member next =
                running.values().stream().filter(m -> m != first).findFirst().orElseThrow();

        first.group().cluster().transferLead(next.group().cluster().self()).get(30, TimeUnit.SECONDS);

        next.awaitLead();
        assertThat(recover(next).lastIndex()).isEqualTo(100);
        await().atMost(PATIENCE)
                .until(() -> next.group().cluster().self().address().equals(first.leader()));
    }

    @Test
    void a_lead_that_cannot_be_passed_on_begins_anew_where_it_was() throws Exception {
        startAll();
        Member first = leader();
        recover(first);
        appendNumbers(first.log(), 1, 10);
        Member away =
                running.values().stream().filter(m -> m != first).findFirst().orElseThrow();
        ClusterMember gone = away.group().cluster().self();
        // It has just gone, and is still taken for alive.
        stop(away);
        TransactionLog before = first.log();
        var unused = first.group().cluster().transferLead(gone).exceptionally(e -> null);

        Member leader = leader();
        await().atMost(PATIENCE).until(() -> leader.log() != null && leader.log() != before);
        assertThat(recover(leader).lastIndex()).isEqualTo(10);
        assertThat(append(leader.log(), "11").get(30, TimeUnit.SECONDS)).isEqualTo(11);
    }

    @Test
    void a_new_member_gets_the_state_and_then_counts() throws Exception {
        founders.forEach(address -> start(address, 5_000));
        Member leader = leader();
        recover(leader);
        for (int i = 0; i < 10; i++) {
            appendNumbers(leader.log(), i * 1_000 + 1, i * 1_000 + 1_000);
        }
        await().atMost(PATIENCE).until(() -> leader.group().statistics().snapshots() >= 2);
        Member added = start(addresses.get(3), 5_000);

        leader.group().cluster().add(addresses.get(3)).get(30, TimeUnit.SECONDS);

        assertThat(added.replica().texts()).isEqualTo(numbers(1, 10_000));
        assertThat(added.group().statistics().entries()).as("by a snapshot").isLessThan(10_000);
        for (Member member : running.values()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(member.group().cluster().members())
                            .extracting(Cluster.MemberState::address)
                            .containsExactlyInAnyOrderElementsOf(addresses));
        }
        // Adding it again changes nothing.
        leader.group().cluster().add(addresses.get(3)).get(30, TimeUnit.SECONDS);

        ClusterMember removed = founders.stream()
                .filter(address -> running.get(address) != leader)
                .findFirst()
                .orElseThrow();
        leader.group().cluster().remove(removed).get(30, TimeUnit.SECONDS);
        stop(running.get(removed));
        appendNumbers(leader.log(), 10_001, 10_010);
        assertThat(leader.group().cluster().members())
                .extracting(Cluster.MemberState::address)
                .doesNotContain(removed)
                .hasSize(3);
    }

    @Test
    void only_the_leader_changes_members_and_says_what_cannot_be_done() {
        startAll();
        Member leader = leader();
        Member other =
                running.values().stream().filter(m -> m != leader).findFirst().orElseThrow();
        ClusterMember stranger = addresses.get(3);

        assertThat(other.group().cluster().add(stranger))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(ClusterRefusedException.class)
                .withMessageContaining("only the leader");
        assertThat(leader.group().cluster().remove(stranger))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("is no member");
        assertThat(leader.group().cluster().remove(leader.group().cluster().self()))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("let another member lead first");
        assertThat(leader.group().cluster().transferLead(stranger))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("is no member");
        assertThat(leader.log()).isNotNull();
    }

    @Test
    void all_members_may_be_down_and_come_back() throws Exception {
        startAll();
        recover(leader());
        appendNumbers(leader().log(), 1, 200);
        List.copyOf(running.values()).forEach(this::stop);

        startAll();
        assertThat(recover(leader()).lastIndex()).isEqualTo(200);
    }
}
