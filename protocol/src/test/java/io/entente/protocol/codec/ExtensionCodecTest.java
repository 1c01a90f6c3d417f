package io.entente.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BranchAtWork;
import io.entente.protocol.Message.BranchProgress;
import io.entente.protocol.Message.BranchesAtWork;
import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Message.RowWaitWithdrawal;
import io.entente.protocol.Message.TransactionQuery;
import io.entente.protocol.Message.TransactionQueryResponse;
import io.entente.protocol.MessageType;
import io.entente.protocol.TransactionError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we say beyond Seata's protocol, and to whom. */
class ExtensionCodecTest {
    private static final String XID = "1.2.3.4:8091:77";

    static final Map<String, Message> MESSAGES = messages();

    private static Map<String, Message> messages() {
        Map<String, Message> all = new LinkedHashMap<>();
        all.put("nothing at work", new BranchesAtWork(List.of()));
        all.put(
                "two at work",
                new BranchesAtWork(List.of(new BranchAtWork(XID, 99), new BranchAtWork("h:1:78", Long.MAX_VALUE))));
        all.put("query", new TransactionQuery(XID));
        all.put(
                "unknown transaction",
                new TransactionQueryResponse(Result.OK, false, GlobalStatus.FINISHED, List.of()));
        all.put(
                "refused query",
                new TransactionQueryResponse(
                        Result.failed(TransactionError.UNKNOWN, "no"), false, GlobalStatus.UNKNOWN, List.of()));
        all.put(
                "two branches",
                new TransactionQueryResponse(
                        Result.OK,
                        true,
                        GlobalStatus.COMMITTING,
                        List.of(
                                new BranchProgress(99, BranchType.SAGA, "trip", "{\"input\":\"é\"}", 3, "hotel full"),
                                new BranchProgress(100, BranchType.SAGA_ANNOTATION, "trip/car", "", 0, ""))));
        all.put(
                "read of two tables and a row",
                new ReadCheck(XID, "db", List.of("item", "shop.%C3"), "stock:7", -3, "{\"lockWait\":20}"));
        all.put("first read", new ReadCheck("", "db", List.of(), "", ReadCheck.NO_MARK, ""));
        all.put("withdrawal", new RowWaitWithdrawal(Integer.MAX_VALUE));
        all.put("committed", new ReadCheckResponse(Result.OK, true, Long.MAX_VALUE));
        all.put("held", new ReadCheckResponse(Result.failed(TransactionError.LOCK_KEY_CONFLICT, "row 7"), false, 12));
        return all;
    }

    static byte[] frame(Frame frame) {
        ByteBuf out = Unpooled.buffer();
        FrameEncoder.encode(frame, out);
        return ByteBufUtil.getBytes(out);
    }

    static Iterable<String> names() {
        return MESSAGES.keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void what_is_written_is_read(String name) {
        Frame frame = Frame.request(7, MESSAGES.get(name));
        ByteBuf bytes = Unpooled.wrappedBuffer(frame(frame));
        assertThat(FrameDecoder.decode(bytes, FrameDecoder.MAX_FRAME_LENGTH)).isEqualTo(frame);
        assertThat(bytes.isReadable()).isFalse();
    }

    @Test
    void the_bytes_are_those_that_other_versions_read() {
        assertThat(ByteBufUtil.hexDump(frame(Frame.oneWay(1, new BranchesAtWork(List.of(new BranchAtWork("x", 5)))))))
                .isEqualTo(
                        "dada01000000210010020100" + "00000001" + "03e9" + "00000001" + "000178" + "0000000000000005");
        assertThat(ByteBufUtil.hexDump(frame(Frame.request(2, new TransactionQuery("x")))))
                .isEqualTo("dada01000000150010000100" + "00000002" + "03ea" + "000178");
        TransactionQueryResponse answer = new TransactionQueryResponse(
                Result.OK,
                true,
                GlobalStatus.COMMITTING,
                List.of(new BranchProgress(5, BranchType.SAGA, "r", "d", 2, "f")));
        assertThat(ByteBufUtil.hexDump(frame(Frame.response(3, answer))))
                .isEqualTo("dada01000000320010010100" + "00000003" + "03eb" + "0100" + "0102" + "00000001"
                        + "0000000000000005" + "02" + "000172" + "0000000164" + "00000002" + "000166");
        assertThat(ByteBufUtil.hexDump(frame(Frame.request(2, new ReadCheck("x", "r", List.of("t"), "t:1", 9, "")))))
                .isEqualTo("dada01000000320010000100" + "00000002" + "03ec" + "000178" + "000172" + "00000001"
                        + "000174" + "00000003743a31" + "0000000000000009" + "00000000");
        assertThat(ByteBufUtil.hexDump(frame(Frame.response(3, new ReadCheckResponse(Result.OK, true, 9)))))
                .isEqualTo("dada010000001d0010010100" + "00000003" + "03ed" + "0100" + "01" + "0000000000000009");
        assertThat(ByteBufUtil.hexDump(frame(Frame.oneWay(4, new RowWaitWithdrawal(3)))))
                .isEqualTo("dada01000000160010020100" + "00000004" + "03ee" + "00000003");
    }

    @Test
    void a_failure_too_long_for_the_wire_is_cut() {
        ByteBuf bytes = Unpooled.buffer();
        MessageCodec.write(
                bytes,
                new TransactionQueryResponse(
                        Result.OK,
                        true,
                        GlobalStatus.COMMITTING,
                        List.of(new BranchProgress(5, BranchType.SAGA, "r", "d", 2, "é".repeat(40_000)))));
        assertThat(((TransactionQueryResponse) MessageCodec.read(bytes))
                        .branches()
                        .get(0)
                        .lastFailure())
                .matches("é{1000,}");
    }

    @Test
    void only_our_messages_belong_to_the_extension() {
        for (MessageType type : MessageType.values()) {
            assertThat(type.isExtension())
                    .as(type.name())
                    .isEqualTo(MESSAGES.values().stream().anyMatch(message -> message.type() == type));
            assertThat(MessageType.fromCode(type.code())).isEqualTo(type);
        }
        for (int code : new int[] {-2, 122, 1000, 1007, Short.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(MessageType.fromCode(code)).isEqualTo(MessageType.UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"entente=1\n", "vgroup=g\nentente=1\n", "entente=1", "entente=12\nvgroup=g\n"})
    void a_client_announces_the_extension_in_a_line_of_its_own(String extraData) {
        assertThat(EntenteExtension.isAnnouncedIn(extraData)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ak=null\ndigest=x\nvgroup=grp\nip=192.0.2.2\n",
                "vgroup=entente=1\n",
                "entente=\n",
                "entente=0\n",
                "entente=yes\n",
                "entente=99999\n"
            })
    void who_says_something_else_does_not_announce_it(String extraData) {
        assertThat(EntenteExtension.isAnnouncedIn(extraData)).isFalse();
    }

    @Test
    void a_coordinator_says_in_its_version_that_it_understands() {
        assertThat(EntenteExtension.isUnderstoodIn(EntenteExtension.ANSWERED_VERSION))
                .isTrue();
        assertThat(EntenteExtension.isUnderstoodIn("2.7.0+entente.2")).isTrue();
        for (String seata : new String[] {"", "2.6.0", "2.6.0-SNAPSHOT", "2.6.0+entente.", "2.6.0+entente.x"}) {
            assertThat(EntenteExtension.isUnderstoodIn(seata)).as(seata).isFalse();
        }
    }
}
