package io.entente.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes made to hurt end in a clear refusal: no other exception, no allocation by what they claim. */
class HostileBytesTest {
    private static final Map<String, byte[]> VECTORS = vectors();

    /** Seata's frames and those of our extension. */
    private static Map<String, byte[]> vectors() {
        Map<String, byte[]> vectors = new LinkedHashMap<>(SeataVectorsTest.vectors());
        ExtensionCodecTest.MESSAGES.forEach(
                (name, message) -> vectors.put(name, ExtensionCodecTest.frame(Frame.request(9, message))));
        return vectors;
    }

    private static Frame decode(String hex) {
        return FrameDecoder.decode(
                Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", ""))), FrameDecoder.MAX_FRAME_LENGTH);
    }

    @Test
    void every_prefix_of_a_frame_waits_for_the_rest() {
        VECTORS.forEach((name, bytes) -> {
            for (int length = 0; length < bytes.length; length++) {
                ByteBuf prefix = Unpooled.wrappedBuffer(bytes, 0, length);
                assertThat(FrameDecoder.decode(prefix, FrameDecoder.MAX_FRAME_LENGTH))
                        .as("%s cut to %d bytes", name, length)
                        .isNull();
                assertThat(prefix.readerIndex()).isZero();
            }
        });
    }

    @Test
    void a_body_cut_short_inside_its_frame_is_refused() {
        int cuts = 0;
        int refused = 0;
        for (var vector : VECTORS.entrySet()) {
            byte[] bytes = vector.getValue();
            for (int length = 16; length < bytes.length; length++) {
                ByteBuf cut = Unpooled.buffer().writeBytes(bytes, 0, length);
                cut.setInt(FrameDecoder.FULL_LENGTH_OFFSET, length);
                cuts++;
                try {
                    FrameDecoder.decode(cut, FrameDecoder.MAX_FRAME_LENGTH);
                } catch (MalformedFrameException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isEqualTo(cuts).isGreaterThan(700);
    }

    @Test
    void random_damage_never_causes_anything_but_a_refusal() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[][] all = VECTORS.values().toArray(byte[][]::new);
            byte[] bytes = all[random.nextInt(all.length)].clone();
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                FrameDecoder.decode(Unpooled.wrappedBuffer(bytes), FrameDecoder.MAX_FRAME_LENGTH);
            } catch (MalformedFrameException e) {
                assertThat(e).as("seed %d", seed).hasMessageMatching("(?s).+ .+");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " made the decoder fail in an unforeseen way", e);
            }
        }
    }

    @Test
    void another_protocol_on_this_port_is_told_apart_at_its_first_bytes() {
        assertThatThrownBy(() -> decode("4745"))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("0x4745")
                .hasMessageContaining("HTTP");
    }

    @Test
    void an_announced_length_beyond_the_limit_is_refused_from_the_header_alone() {
        assertThatThrownBy(() -> decode("dada 01 7fffffff 0010 00 01 00 00000001"))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("2147483647")
                .hasMessageContaining("8388608");
        assertThatThrownBy(() -> decode("dada 01 ffffffff 0010 00 01 00 00000001"))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> decode("dada 01 0000000f 0010 00 01 00 00000001"))
                .isInstanceOf(MalformedFrameException.class);
        assertThatThrownBy(() -> decode("dada 01 00000010 0011 00 01 00 00000001"))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("head of 17 bytes");
    }

    @Test
    void foreign_codecs_compressors_and_versions_are_named() {
        assertThatThrownBy(() -> decode("dada 01 00000012 0010 00 16 00 00000001 0001"))
                .hasMessageContaining("codec 22")
                .hasMessageContaining("transport.serialization=seata");
        assertThatThrownBy(() -> decode("dada 01 00000012 0010 00 01 01 00000001 0001"))
                .hasMessageContaining("compressor 1");
        assertThatThrownBy(() -> decode("dada 00")).hasMessageContaining("version 0");
        assertThatThrownBy(() -> decode("dada 01 00000010 0010 09 01 00 00000001"))
                .hasMessageContaining("kind 9");
    }

    @Test
    void a_text_that_is_not_utf8_is_refused() {
        // GlobalBegin with a name of two bytes, c3 28, of which the second cannot follow the first.
        assertThatThrownBy(() -> decode("dada 01 0000001a 0010 00 01 00 00000001 0001 0000ea60 0002 c328"))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("transactionName is not valid UTF-8");
    }

    @Test
    void a_replacement_character_that_was_really_sent_is_accepted() {
        Frame frame = decode("dada 01 0000001b 0010 00 01 00 00000001 0001 0000ea60 0003 efbfbd");
        assertThat(frame.body()).isEqualTo(new Message.GlobalBeginRequest(60_000, "\uFFFD"));
    }

    @Test
    void a_text_longer_than_its_body_is_refused_without_allocating_it() {
        assertThatThrownBy(() -> decode("dada 01 0000001a 0010 00 01 00 00000001 0001 0000ea60 7fff 4142"))
                .hasMessageContaining("announces 32767 bytes, but 2 are left");
        assertThatThrownBy(() -> decode("dada 01 0000001a 0010 00 01 00 00000001 0001 0000ea60 8001 4142"))
                .hasMessageContaining("announces -32767 bytes");
    }

    @Test
    void an_unknown_type_is_kept_apart_but_not_refused() {
        assertThat(decode("dada 01 00000014 0010 00 01 00 00000001 03e7 0102").body())
                .isEqualTo(new Message.Unknown(999));
    }

    @Test
    void a_batch_that_lies_about_its_count_or_nests_is_refused() {
        assertThatThrownBy(() -> decode("dada 01 00000018 0010 02 01 00 00000001 003b 00000002 7fff"))
                .hasMessageContaining("announces 32767 messages");
        assertThatThrownBy(() -> decode("dada 01 0000001a 0010 02 01 00 00000001 003b 00000004 0001 03e7"))
                .hasMessageContaining("Unknown");
        assertThatThrownBy(
                        () -> decode("dada 01 00000020 0010 02 01 00 00000001 003b 0000000a 0001 003b 00000002 0000"))
                .hasMessageContaining("another batch");
    }

    @Test
    void a_list_that_lies_about_its_count_is_refused_without_allocating_it() {
        // BranchesAtWork and TransactionQueryResponse with 2^31 - 1, then -1 branches and none behind.
        for (String count : new String[] {"7fffffff", "ffffffff", "00000001"}) {
            assertThatThrownBy(() -> decode("dada 01 00000016 0010 02 01 00 00000001 03e9 " + count))
                    .isInstanceOf(MalformedFrameException.class)
                    .hasMessageContaining("announces " + (int) Long.parseLong(count, 16) + " branches at work in 0");
            assertThatThrownBy(() -> decode("dada 01 0000001a 0010 01 01 00 00000001 03eb 01 00 01 01" + count))
                    .isInstanceOf(MalformedFrameException.class)
                    .hasMessageContaining("announces " + (int) Long.parseLong(count, 16) + " branches of");
            assertThatThrownBy(() -> decode("dada 01 0000001a 0010 02 01 00 00000001 03ec 0000 0000 " + count))
                    .isInstanceOf(MalformedFrameException.class)
                    .hasMessageContaining("announces " + (int) Long.parseLong(count, 16) + " tables in 0");
        }
    }
}
