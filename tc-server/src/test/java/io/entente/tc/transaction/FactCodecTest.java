package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.Resolution;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts are for ever: their bytes must be tomorrow what they are today. */
class FactCodecTest {

    static Stream<Arguments> facts() {
        return Stream.of(
                Arguments.of(
                        new Fact.ConflictReported(1, 2, "{\"ä\":1}"),
                        "0900000000000000010000000000000002000000087b22c3a4223a317d"),
                Arguments.of(
                        new Fact.ResolutionChosen(1, 2, Resolution.RETRY, "", 3, false),
                        "0a0000000000000001000000000000000201000000000000000000000003" + "00"),
                Arguments.of(
                        new Fact.ResolutionChosen(1, 2, Resolution.FORCE_BEFORE_IMAGE, "ann", 3, false),
                        "0a000000000000000100000000000000020200000003616e6e000000000000000300"),
                Arguments.of(
                        new Fact.ResolutionChosen(1, 2, Resolution.ACCEPT_CURRENT, "ann", 3, true),
                        "0a000000000000000100000000000000020300000003616e6e000000000000000301"));
    }

    @ParameterizedTest
    @MethodSource("facts")
    void a_fact_is_written_as_ever_and_read_back(Fact fact, String hex) {
        ByteBuf bytes = Unpooled.buffer();
        FactCodec.write(bytes, fact);
        assertThat(ByteBufUtil.hexDump(bytes)).isEqualTo(hex);
        assertThat(FactCodec.read(bytes)).isEqualTo(fact);
        assertThat(bytes.isReadable()).isFalse();
    }

    @Test
    void a_fact_of_a_later_version_is_not_guessed() {
        assertThatThrownBy(() -> FactCodec.read(Unpooled.wrappedBuffer(new byte[] {11})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kind 11");
    }
}
