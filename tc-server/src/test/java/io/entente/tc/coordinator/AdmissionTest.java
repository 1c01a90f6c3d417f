package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {
    private static final String LONG = "x".repeat(1_000_000);
    private static final String XID = "127.0.0.1:8091:1";

    static Stream<Command> whatClientsMakeLong() {
        return Stream.of(
                new Command.RegisterBranch(XID, BranchType.AT, "db", "shop", LONG, "", LockPatience.NONE),
                new Command.RegisterBranch(XID, BranchType.TCC, "freeze", "shop", "", LONG, LockPatience.NONE),
                new Command.ReportBranch(XID, 2, BranchStatus.PHASE_ONE_DONE, LONG),
                new Command.QueryLock(XID, "db", LONG, LockPatience.NONE),
                new Command.CheckRead(XID, "db", List.of(), LONG, 1, LockPatience.NONE),
                new Command.CheckRead(XID, "db", List.of(LONG), "", 1, LockPatience.NONE),
                new Command.BranchAnswered(XID, 2, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE, LONG));
    }

    @ParameterizedTest
    @MethodSource("whatClientsMakeLong")
    void what_waits_to_be_decided_counts_with_its_texts(Command command) {
        assertThat(Admission.bytes(command)).isGreaterThanOrEqualTo(LONG.length());
    }
}
