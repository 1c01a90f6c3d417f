package io.entente.tc.transaction;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** The pure coordinator with a clock in hand: gives commands, applies what follows, keeps the facts like a log. */
final class Heart {
    final TransactionState state = new TransactionState();
    final List<Fact> log = new ArrayList<>();
    long now = 1_000_000;

    Heart() {
        apply(new Fact.CoordinatorFounded(100));
    }

    Decision give(Command command) {
        Decision decision = Transactions.decide(state, command, now);
        decision.facts().forEach(this::apply);
        return decision;
    }

    private void apply(Fact fact) {
        log.add(fact);
        state.apply(fact);
    }

    String begin() {
        return begin(60_000);
    }

    String begin(int timeoutMillis) {
        Decision decision = give(new Command.Begin("h:1:", "shop", "group", "purchase", timeoutMillis));
        return ((Message.GlobalBeginResponse) decision.answer()).xid();
    }

    Message.BranchRegisterResponse register(String xid, String lockKey) {
        return register(xid, BranchType.AT, "db", lockKey, false);
    }

    Message.BranchRegisterResponse register(
            String xid, BranchType type, String resource, String lockKey, boolean holdsDatabaseLocks) {
        return (Message.BranchRegisterResponse) give(new Command.RegisterBranch(
                        xid,
                        type,
                        resource,
                        "shop:10.0.0.1:5",
                        lockKey,
                        "",
                        new LockPatience(
                                0,
                                holdsDatabaseLocks
                                        ? LockPatience.Holding.LOCAL_TRANSACTION
                                        : LockPatience.Holding.ATTEMPT)))
                .answer();
    }

    Decision answer(String xid, long branchId, BranchStatus status) {
        return give(new Command.BranchAnswered(xid, branchId, status, ""));
    }

    GlobalTransaction transaction(String xid) {
        return state.transaction(Transactions.idOf(xid));
    }

    /** What a restart would make of the log. */
    TransactionState replayed() {
        ByteBuf bytes = Unpooled.buffer();
        log.forEach(fact -> FactCodec.write(bytes, fact));
        return restored(bytes);
    }

    /** What a restart would make of a snapshot. */
    TransactionState snapshotted() {
        ByteBuf bytes = Unpooled.buffer();
        state.describe(fact -> FactCodec.write(bytes, fact));
        return restored(bytes);
    }

    private static TransactionState restored(ByteBuf bytes) {
        TransactionState restored = new TransactionState();
        while (bytes.isReadable()) {
            restored.apply(FactCodec.read(bytes));
        }
        return restored;
    }

    /** Everything a state holds, in comparable form. */
    static List<String> picture(TransactionState state) {
        List<String> picture = new ArrayList<>();
        state.describe(fact -> picture.add(fact.toString()));
        List<String> locks = new ArrayList<>();
        state.locks().forEach((row, lock) -> locks.add(row + " = " + lock));
        locks.sort(String::compareTo);
        picture.addAll(locks);
        picture.add("attention " + state.needingAttention());
        picture.add("bytes " + state.bytes());
        return picture;
    }
}
