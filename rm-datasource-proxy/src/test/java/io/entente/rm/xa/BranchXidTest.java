package io.entente.rm.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchXidTest {

    /** As a database lists it: its bytes and nothing else. */
    private record Listed(int formatId, byte[] globalId, byte[] qualifier) implements Xid {

        static Listed of(Xid xid) {
            return new Listed(xid.getFormatId(), xid.getGlobalTransactionId(), xid.getBranchQualifier());
        }

        @Override
        public int getFormatId() {
            return formatId;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return globalId;
        }

        @Override
        public byte[] getBranchQualifier() {
            return qualifier;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 100, 108})
    void what_a_database_lists_is_the_same_branch_again(int length) {
        String xid = "x".repeat(length);
        BranchXid branch = new BranchXid(xid, Long.MAX_VALUE);
        assertThat(branch.getGlobalTransactionId()).hasSizeLessThanOrEqualTo(Xid.MAXGTRIDSIZE);
        assertThat(branch.getBranchQualifier()).hasSizeLessThanOrEqualTo(Xid.MAXBQUALSIZE);
        assertThat(BranchXid.of(Listed.of(branch))).isEqualTo(branch);
    }

    @Test
    void branches_of_long_xids_that_differ_at_their_end_differ() {
        String begin = "coordinator.example.org:8091:".repeat(3);
        assertThat(Listed.of(new BranchXid(begin + "1", 7)).qualifier())
                .isNotEqualTo(Listed.of(new BranchXid(begin + "2", 7)).qualifier());
    }

    @Test
    void an_xid_that_is_too_long_is_refused_with_the_remedy() {
        assertThatThrownBy(() -> new BranchXid("x".repeat(109), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("109", "108", "address");
    }

    @Test
    void what_others_have_prepared_is_not_ours() {
        assertThat(BranchXid.of(new Listed(1, bytes("1.2.3.4:8091:1"), bytes("7"))))
                .isNull();
        assertThat(BranchXid.of(new Listed(BranchXid.FORMAT, bytes("1.2.3.4:8091:1"), bytes(""))))
                .isNull();
        assertThat(BranchXid.of(new Listed(BranchXid.FORMAT, bytes("1.2.3.4:8091:1"), bytes("seven"))))
                .isNull();
        assertThat(BranchXid.of(new Listed(BranchXid.FORMAT, bytes("1.2.3.4:8091:1"), bytes("99999999999999999999"))))
                .isNull();
        assertThat(BranchXid.of(new Listed(BranchXid.FORMAT, bytes("1.2.3.4:8091:1"), bytes("7"))))
                .isEqualTo(new BranchXid("1.2.3.4:8091:1", 7));
    }
}
