package io.entente.tc.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;
import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.coordinator.TestClient.Asked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come in one frame are answered in the way that the client's version understands. */
class BatchStylesTest {
    private static final int FRAME_ID = 32;
    private static final int COMMIT_ID = 500;
    private static final int STATUS_ID = 501;
    private static final String UNKNOWN_XID = "127.0.0.1:1:12345";

    @TempDir
    Path directory;

    private CoordinatorUnderTest tc;
    private TestClient shop;
    private String xid;

    /** One transaction whose commit is answered when the test lets its confirm be done. */
    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory);
        shop = tc.silentClient("shop", "freeze");
        xid = shop.begin();
        shop.branch(xid, BranchType.TCC, "freeze", "");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    private Frame batch(List<Integer> ids) {
        Message.MergedRequest batch = new Message.MergedRequest(
                List.of(new Message.GlobalCommitRequest(xid, ""), new Message.GlobalStatusRequest(UNKNOWN_XID, "")),
                ids);
        // Seata's clients send batches as one-way and wait for the answers nonetheless.
        return Frame.oneWay(FRAME_ID, batch);
    }

    private static Message committed() {
        return new Message.GlobalCommitResponse(Message.Result.OK, GlobalStatus.COMMITTED);
    }

    private static Message finished() {
        return new Message.GlobalStatusResponse(Message.Result.OK, GlobalStatus.FINISHED);
    }

    private void confirm() {
        Asked asked = shop.nextAsked();
        asked.answer(asked.done());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.4.2", "1.4.9", "0.9.0", "", "snapshot"})
    void the_oldest_get_all_answers_together_and_in_order(String version) throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), version)) {
            client.send(batch(List.of(COMMIT_ID, STATUS_ID)));
            confirm();

            assertThat(client.read())
                    .isEqualTo(Frame.response(FRAME_ID, new Message.MergedResponse(List.of(committed(), finished()))));
        }
    }

    @Test
    void the_very_oldest_send_no_ids() throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), "0.7.0")) {
            client.send(batch(List.of()));
            confirm();

            assertThat(client.read())
                    .isEqualTo(Frame.response(FRAME_ID, new Message.MergedResponse(List.of(committed(), finished()))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5.0", "2.0.0", "2.2.0", "2.2.0.1"})
    void the_middle_ones_get_batches_of_one(String version) throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), version)) {
            client.send(batch(List.of(COMMIT_ID, STATUS_ID)));

            assertThat(client.read().body())
                    .isEqualTo(new Message.BatchResponse(List.of(finished()), List.of(STATUS_ID)));
            confirm();
            assertThat(client.read().body())
                    .isEqualTo(new Message.BatchResponse(List.of(committed()), List.of(COMMIT_ID)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3.0", "2.3.0-SNAPSHOT", "2.6.0", "10.0"})
    void the_new_ones_get_each_answer_by_itself(String version) throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), version)) {
            client.send(batch(List.of(COMMIT_ID, STATUS_ID)));

            assertThat(client.read()).isEqualTo(Frame.response(STATUS_ID, finished()));
            confirm();
            assertThat(client.read()).isEqualTo(Frame.response(COMMIT_ID, committed()));
        }
    }
}
