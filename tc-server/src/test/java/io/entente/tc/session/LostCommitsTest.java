package io.entente.tc.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.GlobalCommitResponse;
import io.entente.protocol.Message.GlobalRollbackResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.ProtocolVersion;
import io.entente.protocol.codec.Frame;
import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.coordinator.SteeredClock;
import io.entente.tc.coordinator.TestClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A commit that was none makes clients of each age throw: by its status, or by an answer that is none to a commit. */
class LostCommitsTest {
    private static final int ID = 77;

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private CoordinatorUnderTest tc;
    private TestClient shop;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.client("shop", "stock");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    private Message commit(String version, String xid) throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), version)) {
            client.send(Frame.request(ID, new Message.GlobalCommitRequest(xid, "")));
            return client.read().body();
        }
    }

    @ParameterizedTest
    @CsvSource({"1.4.2, false", "1.5.2, false", "snapshot, false", "1.6.0, true", "1.7.1, true", "2.6.0, true"})
    void a_commit_after_the_timeout(String version, boolean looksAtTheStatus) throws IOException {
        String xid = shop.begin();
        clock.advance(Duration.ofSeconds(61));

        Message answer = commit(version, xid);
        assertThat(answer).isInstanceOf(looksAtTheStatus ? GlobalCommitResponse.class : GlobalRollbackResponse.class);
    }

    @ParameterizedTest
    @CsvSource({"1.4.2, false", "1.5.2, false", "snapshot, false", "1.6.1, false", "1.7.0, true", "2.6.0, true"})
    void a_commit_of_what_somebody_else_rolled_back(String version, boolean looksAtTheStatus) throws IOException {
        String xid = shop.begin();
        shop.branch(xid, "stock", "item:1");
        shop.rollback(xid);

        Message answer = commit(version, xid);
        assertThat(answer).isInstanceOf(looksAtTheStatus ? GlobalCommitResponse.class : GlobalRollbackResponse.class);
        assertThat(((Message.ResultResponse) answer).result().message()).contains("rollback was decided before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.4.2", "1.6.1", "2.6.0"})
    void a_commit_that_was_one(String version) throws IOException {
        String xid = shop.begin();
        shop.branch(xid, "stock", "item:1");
        Message committed = new GlobalCommitResponse(Result.OK, GlobalStatus.COMMITTED);

        assertThat(commit(version, xid)).isEqualTo(committed);
        assertThat(commit(version, xid)).as("the second time").isEqualTo(committed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.4.2", "1.6.1", "2.6.0"})
    void a_commit_that_came_to_a_coordinator_that_does_not_lead(String version) {
        Message.Response refusal =
                Refusal.of(new Message.GlobalCommitRequest("1.2.3.4:8091:7", ""), Refusal.notLeading("5.6.7.8:8091"));

        Message.Response answer = LostCommits.noticed(ProtocolVersion.parse(version), refusal);

        assertThat(answer).isInstanceOf(GlobalRollbackResponse.class);
        assertThat(((Message.ResultResponse) answer).result().message()).contains("5.6.7.8:8091");
    }
}
