package io.entente.tc.transaction;

import io.entente.protocol.BranchType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Fills a coordinator with open transactions of two rows each, a million rows in all, and says what that takes. */
final class MillionLocks {
    private static final int ROWS = 1_000_000;

    private MillionLocks() {}

    public static void main(String[] arguments) {
        TransactionState state = new TransactionState();
        state.apply(new Fact.CoordinatorFounded(1L << 60));
        ByteBuf bytes = Unpooled.buffer();
        for (int row = 0; row < ROWS; row += 2) {
            Command.Begin begin =
                    new Command.Begin("10.20.30.40:8091:", "order-service", "default_tx_group", "purchase", 60_000);
            Decision begun = Transactions.decide(state, begin, 1);
            apply(state, begun, bytes);
            String xid = ((Fact.TransactionBegun) begun.facts().get(0)).xid();
            String lockKey = "stock_item:" + (7_000_000_000L + row) + "," + (7_000_000_001L + row);
            Command.RegisterBranch register = new Command.RegisterBranch(
                    xid,
                    BranchType.AT,
                    "jdbc:postgresql://db.example.org:5432/stock",
                    "stock-service:10.20.30.41:41234",
                    lockKey,
                    "{\"autoCommit\":false}",
                    LockPatience.NONE);
            apply(state, Transactions.decide(state, register, 1), bytes);
        }
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                "%d row locks of %d open transactions: %d MiB of heap%n",
                state.locks().size(),
                state.transactions().size(),
                (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    /** Through bytes, as a restart would: facts that share their texts with the commands would flatter the figure. */
    private static void apply(TransactionState state, Decision decision, ByteBuf bytes) {
        for (Fact fact : decision.facts()) {
            bytes.clear();
            FactCodec.write(bytes, fact);
            state.apply(FactCodec.read(bytes));
        }
    }
}
