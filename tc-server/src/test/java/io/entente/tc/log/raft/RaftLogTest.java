package io.entente.tc.log.raft;

import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.RecordedReplay;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.log.TransactionLogContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A group of one keeps the promises of every engine. */
class RaftLogTest extends TransactionLogContract {
    private final ClusterMember self = FreeMembers.addresses(1).get(0);
    private final List<Member> members = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        members.forEach(Member::close);
    }

    @Override
    protected LogReplay replay(RecordedReplay recorded) {
        return ListedEntries.asEntries(recorded);
    }

    @Override
    protected TransactionLog open(Consumer<LogFailedException> failureListener) {
        members.forEach(Member::close);
        members.clear();
        Member member = Member.start(self, List.of(self), directory, Long.MAX_VALUE, MAX_ENTRY_BYTES);
        members.add(member);
        return member.awaitLead();
    }
}
