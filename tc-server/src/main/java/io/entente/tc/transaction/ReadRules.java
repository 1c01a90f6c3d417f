package io.entente.tc.transaction;

import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.TransactionError;
import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.lock.RowLock;
import io.entente.tc.lock.TableKey;
import io.entente.tc.transaction.LockPatience.Holding;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether what a query has read is committed.
 *
 * <p>What it has read was written by transactions that are decided, and by such that held these rows before it began and
 * hold them still. Whoever came later was not read. So it is enough to wait for those who hold them now, and when all of them
 * commit, what was read stands. It does not where one of them was undone, or has committed what it did in several branches, of
 * which the query may have seen some: then it has to be read again.
 */
public final class ReadRules {
    private static final int MOST_TABLES = 1_000;

    private ReadRules() {}

    static Decision check(TransactionState state, Command.CheckRead command, long now) {
        Set<Object> keys;
        try {
            keys = keys(command);
        } catch (IllegalArgumentException e) {
            return Decision.answer(new ReadCheckResponse(
                    Result.failed(TransactionError.LOCKABLE_CHECK_FAILED, String.valueOf(e.getMessage())),
                    false,
                    ReadCheck.NO_MARK));
        }
        var releases = state.locks().releases();
        if (!releases.reachBackTo(command.mark()) || releases.anySince(command.mark(), keys)) {
            return Decision.answer(readAgain(state));
        }
        Map<Long, RowKey> holders = holders(state, command);
        if (holders.isEmpty()) {
            return Decision.answer(committed(state));
        }
        return held(state, command, holders, now);
    }

    private static Decision held(
            TransactionState state, Command.CheckRead command, Map<Long, RowKey> holders, long now) {
        boolean inItsWay = command.patience().holds() != Holding.NOTHING;
        Map.Entry<Long, RowKey> told = holders.entrySet().iterator().next();
        boolean failFast = false;
        for (Map.Entry<Long, RowKey> each : holders.entrySet()) {
            if (inItsWay && LockRules.existing(state, each.getKey()).phase() != Phase.ACTIVE) {
                told = each;
                failFast = true;
                break;
            }
        }
        Result refusal = LockRules.locked(told.getValue(), LockRules.existing(state, told.getKey()), failFast, now);
        return Decision.blocked(
                new ReadCheckResponse(refusal, false, ReadCheck.NO_MARK),
                // Its undo may need rows that the asker has in the database.
                failFast ? null : Decision.Wait.forHolders(Transactions.idOf(command.xid()), holders),
                told.getValue());
    }

    /** The answer for a query of which all that it may have seen is committed. */
    public static ReadCheckResponse committed(TransactionState state) {
        return new ReadCheckResponse(Result.OK, true, state.locks().releases().mark());
    }

    /** The answer for a query that may have seen what was undone, or parts. */
    public static ReadCheckResponse readAgain(TransactionState state) {
        return new ReadCheckResponse(Result.OK, false, state.locks().releases().mark());
    }

    /** The other transactions that hold what the query may have read, each with one of its rows. */
    public static Map<Long, RowKey> holders(TransactionState state, Command.CheckRead command) {
        long own = Transactions.idOf(command.xid());
        Map<Long, RowKey> holders = new LinkedHashMap<>();
        for (RowClaim claim : LockKeyText.parse(command.resourceId(), command.lockKey())) {
            RowLock lock = state.locks().lock(claim.row());
            if (lock != null) {
                lock.holders().forEach(holder -> holders.putIfAbsent(holder, claim.row()));
            }
        }
        for (String name : command.tables()) {
            TableKey table = new TableKey(command.resourceId(), name);
            for (long holder : state.locks().holdersIn(table)) {
                if (!holders.containsKey(holder)) {
                    holders.put(holder, rowOf(LockRules.existing(state, holder), table));
                }
            }
        }
        holders.remove(own);
        return holders;
    }

    private static RowKey rowOf(GlobalTransaction holder, TableKey table) {
        for (Branch branch : holder.branches()) {
            for (RowClaim claim : branch.rows()) {
                if (TableKey.of(claim.row()).equals(table)) {
                    return claim.row();
                }
            }
        }
        throw new IllegalStateException(
                holder.xid() + " has no row of " + table + ", of which it is said to have some");
    }

    /**
     * The tables and rows that a query may have read.
     *
     * @throws IllegalArgumentException naming what is malformed
     */
    public static Set<Object> keys(Command.CheckRead command) {
        if (command.tables().size() > MOST_TABLES) {
            throw new IllegalArgumentException(
                    "a query of " + command.tables().size() + " tables; at most " + MOST_TABLES + " can be checked");
        }
        Set<Object> keys = new LinkedHashSet<>();
        for (RowClaim claim : LockKeyText.parse(command.resourceId(), command.lockKey())) {
            keys.add(claim.row());
        }
        for (String table : command.tables()) {
            keys.add(new TableKey(command.resourceId(), table));
        }
        return keys;
    }

    /**
     * Whether a transaction did in several branches what a query may have read.
     *
     * @param keys of the query
     */
    public static boolean isInParts(TransactionState state, Set<Object> keys, long holder) {
        int parts = 0;
        for (Branch branch : LockRules.existing(state, holder).branches()) {
            parts += touches(keys, branch) ? 1 : 0;
        }
        return parts > 1;
    }

    /** Whether a branch did something that a query may have read. */
    public static boolean touches(Set<Object> keys, Branch branch) {
        for (RowClaim claim : branch.rows()) {
            if (keys.contains(claim.row()) || keys.contains(TableKey.of(claim.row()))) {
                return true;
            }
        }
        return false;
    }
}
