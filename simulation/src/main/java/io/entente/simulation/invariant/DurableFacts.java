package io.entente.simulation.invariant;

import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.FactCodec;
import io.entente.tc.transaction.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be relied on: read from what was stored, by nothing of the coordinator but its codec. */
final class DurableFacts {
    private final Map<String, Long> begun = new HashMap<>();
    private final Map<Long, Phase.Move> decisions = new HashMap<>();
    private final Set<Long> ended = new HashSet<>();
    private final Set<Long> branches = new HashSet<>();

    static void forEach(ByteBuffer entry, Consumer<Fact> facts) {
        ByteBuf bytes = Unpooled.wrappedBuffer(entry);
        while (bytes.isReadable()) {
            facts.accept(FactCodec.read(bytes));
        }
    }

    void add(Fact fact) {
        if (fact instanceof Fact.TransactionBegun each) {
            begun.put(each.xid(), each.id());
        } else if (fact instanceof Fact.BranchRegistered each) {
            branches.add(each.branchId());
        } else if (fact instanceof Fact.TransactionMoved each) {
            switch (each.move()) {
                case DECIDE_COMMIT, DECIDE_ROLLBACK, TIME_OUT -> decisions.put(each.transactionId(), each.move());
                case END -> ended.add(each.transactionId());
                default -> {}
            }
        }
    }

    Set<String> xids() {
        return begun.keySet();
    }

    boolean isBegun(String xid) {
        return begun.containsKey(xid);
    }

    boolean isRegistered(long branchId) {
        return branches.contains(branchId);
    }

    boolean isEnded(String xid) {
        Long id = begun.get(xid);
        return id != null && ended.contains(id);
    }

    /** What was decided, null while nothing is. */
    Phase.@Nullable Move decision(String xid) {
        Long id = begun.get(xid);
        return id == null ? null : decisions.get(id);
    }

    Phase.@Nullable Move decision(long id) {
        return decisions.get(id);
    }

    boolean isCommitted(String xid) {
        return decision(xid) == Phase.Move.DECIDE_COMMIT;
    }
}
