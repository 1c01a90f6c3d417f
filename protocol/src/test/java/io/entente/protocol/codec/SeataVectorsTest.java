package io.entente.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BatchResponse;
import io.entente.protocol.Message.BranchCommitRequest;
import io.entente.protocol.Message.BranchCommitResponse;
import io.entente.protocol.Message.BranchRegisterRequest;
import io.entente.protocol.Message.BranchRegisterResponse;
import io.entente.protocol.Message.BranchReportRequest;
import io.entente.protocol.Message.BranchReportResponse;
import io.entente.protocol.Message.BranchRollbackRequest;
import io.entente.protocol.Message.BranchRollbackResponse;
import io.entente.protocol.Message.GlobalBeginRequest;
import io.entente.protocol.Message.GlobalBeginResponse;
import io.entente.protocol.Message.GlobalCommitRequest;
import io.entente.protocol.Message.GlobalCommitResponse;
import io.entente.protocol.Message.GlobalLockQueryRequest;
import io.entente.protocol.Message.GlobalLockQueryResponse;
import io.entente.protocol.Message.GlobalReportRequest;
import io.entente.protocol.Message.GlobalReportResponse;
import io.entente.protocol.Message.GlobalRollbackRequest;
import io.entente.protocol.Message.GlobalRollbackResponse;
import io.entente.protocol.Message.GlobalStatusRequest;
import io.entente.protocol.Message.GlobalStatusResponse;
import io.entente.protocol.Message.MergedRequest;
import io.entente.protocol.Message.MergedResponse;
import io.entente.protocol.Message.RegisterRmRequest;
import io.entente.protocol.Message.RegisterRmResponse;
import io.entente.protocol.Message.RegisterTmRequest;
import io.entente.protocol.Message.RegisterTmResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Message.UndoLogDeleteRequest;
import io.entente.protocol.TransactionError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame that Seata's own encoder wrote is read, and written again to the byte. */
class SeataVectorsTest {
    private static final String XID = "1.2.3.4:8091:77";
    private static final Result FAILED_WITHOUT_CODE = Result.failed(TransactionError.UNKNOWN, "no");

    /** What each frame of the file means; the bytes in the file are the other half of the expectation. */
    static final Map<String, Frame> MEANINGS = meanings();

    private static Map<String, Frame> meanings() {
        Map<String, Frame> all = new LinkedHashMap<>();
        all.put("HEARTBEAT ping", Frame.ping(1));
        all.put("HEARTBEAT pong", Frame.pong(2));
        all.put("ping + head {a:b}", new Frame(Frame.Kind.PING, 3, Map.of("a", "b"), null));
        all.put(
                "RegisterTMRequest app/grp",
                Frame.request(
                        4,
                        new RegisterTmRequest("2.6.0", "app", "grp", "ak=null\ndigest=x\nvgroup=grp\nip=192.0.2.2\n")));
        all.put("RegisterTMResponse ok", Frame.response(5, new RegisterTmResponse(true, "2.6.0")));
        all.put(
                "RegisterTMResponse fail msg=boom (msg not on wire)",
                Frame.response(6, new RegisterTmResponse(false, "2.6.0")));
        all.put(
                "RegisterRMRequest",
                Frame.request(7, new RegisterRmRequest("2.6.0", "app", "grp", "", List.of("jdbc:mysql://h/db", "x"))));
        all.put("RegisterRMResponse ok", Frame.response(8, new RegisterRmResponse(true, "2.6.0")));
        all.put("GlobalBeginRequest 60000 tx", Frame.request(9, new GlobalBeginRequest(60_000, "tx")));
        all.put("GlobalBeginResponse ok", Frame.response(10, new GlobalBeginResponse(Result.OK, XID, "")));
        all.put(
                "GlobalBeginResponse failed",
                Frame.response(
                        11, new GlobalBeginResponse(Result.failed(TransactionError.FAILED_STORE, "no"), "", "")));
        all.put("GlobalCommitRequest", Frame.request(12, new GlobalCommitRequest(XID, "")));
        all.put(
                "GlobalCommitResponse Committed",
                Frame.response(13, new GlobalCommitResponse(Result.OK, GlobalStatus.COMMITTED)));
        all.put("GlobalRollbackRequest", Frame.request(14, new GlobalRollbackRequest(XID, "")));
        all.put(
                "GlobalRollbackResponse Rollbacked",
                Frame.response(15, new GlobalRollbackResponse(Result.OK, GlobalStatus.ROLLED_BACK)));
        all.put("GlobalStatusRequest", Frame.request(16, new GlobalStatusRequest(XID, "")));
        all.put(
                "GlobalStatusResponse Finished",
                Frame.response(17, new GlobalStatusResponse(Result.OK, GlobalStatus.FINISHED)));
        all.put(
                "GlobalReportRequest Committed",
                Frame.request(18, new GlobalReportRequest(XID, "", GlobalStatus.COMMITTED)));
        all.put(
                "GlobalReportResponse",
                Frame.response(19, new GlobalReportResponse(Result.OK, GlobalStatus.COMMITTED)));
        all.put(
                "BranchRegisterRequest AT",
                Frame.request(
                        20,
                        new BranchRegisterRequest(XID, BranchType.AT, "r", "t:1,2;u:a_b", "{\"autoCommit\":false}")));
        all.put("BranchRegisterResponse ok 99", Frame.response(21, new BranchRegisterResponse(Result.OK, 99)));
        all.put(
                "BranchRegisterResponse LockKeyConflict",
                Frame.response(
                        22, new BranchRegisterResponse(Result.failed(TransactionError.LOCK_KEY_CONFLICT, "lk"), 0)));
        all.put(
                "BranchReportRequest",
                Frame.request(
                        23, new BranchReportRequest(XID, 99, BranchStatus.PHASE_ONE_FAILED, "", "", BranchType.AT)));
        all.put("BranchReportResponse ok", Frame.response(24, new BranchReportResponse(Result.OK)));
        all.put(
                "GlobalLockQueryRequest",
                Frame.request(25, new GlobalLockQueryRequest(XID, BranchType.AT, "r", "t:1", "")));
        all.put("GlobalLockQueryResponse lockable", Frame.response(26, new GlobalLockQueryResponse(Result.OK, true)));
        all.put("BranchCommitRequest", Frame.request(27, new BranchCommitRequest(XID, 99, BranchType.AT, "r", "")));
        all.put(
                "BranchCommitResponse",
                Frame.response(28, new BranchCommitResponse(Result.OK, XID, 99, BranchStatus.PHASE_TWO_COMMITTED)));
        all.put(
                "BranchRollbackRequest TCC",
                Frame.request(29, new BranchRollbackRequest(XID, 99, BranchType.TCC, "r", "{}")));
        all.put(
                "BranchRollbackResponse",
                Frame.response(
                        30,
                        new BranchRollbackResponse(
                                Result.OK, XID, 99, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE)));
        all.put("UndoLogDeleteRequest", Frame.oneWay(31, new UndoLogDeleteRequest(BranchType.AT, "r", 7)));
        all.put(
                "MergedWarpMessage [GlobalStatus#500, LockQuery#501]",
                Frame.oneWay(
                        32,
                        new MergedRequest(
                                List.of(
                                        new GlobalStatusRequest(XID, ""),
                                        new GlobalLockQueryRequest(XID, BranchType.AT, "r", "t:1", "")),
                                List.of(500, 501))));
        List<Message> answers = List.of(
                new GlobalStatusResponse(Result.OK, GlobalStatus.FINISHED),
                new GlobalLockQueryResponse(Result.OK, true));
        all.put("MergeResultMessage", Frame.response(33, new MergedResponse(answers)));
        all.put("BatchResultMessage", Frame.response(34, new BatchResponse(answers, List.of(500, 501))));
        return all;
    }

    static Map<String, byte[]> vectors() {
        Map<String, byte[]> vectors = new LinkedHashMap<>();
        try (var in = SeataVectorsTest.class.getResourceAsStream("/seata-vectors.txt")) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#")) {
                    int separator = line.lastIndexOf(" = ");
                    vectors.put(line.substring(0, separator), ByteBufUtil.decodeHexDump(line.substring(separator + 3)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return vectors;
    }

    static Stream<String> names() {
        return vectors().keySet().stream();
    }

    @Test
    void every_vector_has_a_meaning_and_every_meaning_a_vector() {
        assertThat(vectors().keySet()).hasSize(34).containsExactlyElementsOf(MEANINGS.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void seatas_bytes_are_read_as_what_they_mean(String name) {
        ByteBuf bytes = Unpooled.wrappedBuffer(vectors().get(name));
        Frame frame = FrameDecoder.decode(bytes, FrameDecoder.MAX_FRAME_LENGTH);
        assertThat(frame).isEqualTo(MEANINGS.get(name));
        assertThat(bytes.isReadable()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("names")
    void what_it_means_is_written_as_seatas_bytes(String name) {
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder.encode(MEANINGS.get(name), bytes);
        assertThat(ByteBufUtil.hexDump(bytes))
                .isEqualTo(ByteBufUtil.hexDump(vectors().get(name)));
    }

    @Test
    void the_failure_message_travels_and_is_cut_to_what_the_wire_can_carry() {
        ByteBuf bytes = Unpooled.buffer();
        String longText = "é".repeat(40_000);
        MessageCodec.write(bytes, new GlobalBeginResponse(Result.failed(TransactionError.IO, longText), "", ""));
        Message read = MessageCodec.read(bytes);
        assertThat(((GlobalBeginResponse) read).result().message())
                .isNotEmpty()
                .isEqualTo("é"
                        .repeat(((GlobalBeginResponse) read).result().message().length()));
        ByteBuf small = Unpooled.buffer();
        MessageCodec.write(small, new BranchReportResponse(FAILED_WITHOUT_CODE));
        assertThat(MessageCodec.read(small)).isEqualTo(new BranchReportResponse(FAILED_WITHOUT_CODE));
    }
}
