package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.AttentionReason;
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
                Arguments.of(new Fact.RegistrationKnown(1, 2, 3), "1a000000000000000100000000000000020000000000000003"),
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
                        "0a000000000000000100000000000000020300000003616e6e000000000000000301"),
                Arguments.of(
                        new Fact.BranchStuck(1, 2, AttentionReason.HEURISTIC_OUTCOME, "ä", 3),
                        "140000000000000001000000000000000206" + "00000002c3a4" + "0000000000000003"),
                Arguments.of(
                        new Fact.ActionEnded(1, 2, Resolution.RETRY, OperatorAction.Outcome.STOPPED, 3, "x"),
                        "1500000000000000010000000000000002" + "0103" + "0000000000000003" + "0000000178"),
                Arguments.of(
                        new Fact.ActionRemembered(
                                1,
                                new OperatorAction(
                                        2, Resolution.RELEASE_LOCKS, "ann", 3, OperatorAction.Outcome.DONE, 4, "x")),
                        "1600000000000000010000000000000002" + "05" + "00000003616e6e" + "0000000000000003" + "02"
                                + "0000000000000004" + "0000000178"),
                Arguments.of(
                        new Fact.LocksReleased(1, 2, "t:1"), "1700000000000000010000000000000002" + "00000003743a31"),
                Arguments.of(new Fact.LocksTakenAgain(1, 2), "1800000000000000010000000000000002"),
                Arguments.of(
                        new Fact.NoticeConfirmed(1, 2, "t:1"),
                        "1900000000000000010000000000000002" + "00000003743a31"));
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
    void why_a_branch_is_stuck_was_not_told_by_older_versions() {
        ByteBuf bytes = Unpooled.wrappedBuffer(
                ByteBufUtil.decodeHexDump("0700000000000000010000000000000002" + "0000000178" + "0000000000000003"));
        assertThat(FactCodec.read(bytes))
                .isEqualTo(new Fact.BranchStuck(1, 2, AttentionReason.RESOURCE_MANAGER_GAVE_UP, "x", 3));
    }

    @Test
    void a_fact_of_a_later_version_is_not_guessed() {
        assertThatThrownBy(() -> FactCodec.read(Unpooled.wrappedBuffer(new byte[] {11})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kind 11");
    }
}
