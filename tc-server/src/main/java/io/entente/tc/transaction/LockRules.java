package io.entente.tc.transaction;

import io.entente.protocol.Message;
import io.entente.protocol.Message.BranchRegisterResponse;
import io.entente.protocol.Message.GlobalLockQueryResponse;
import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Message.ResultResponse;
import io.entente.protocol.TransactionError;
import io.entente.tc.lock.Deadlock;
import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.LockQueues.Waiter;
import io.entente.tc.lock.LockTable;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.lock.RowLock;
import io.entente.tc.transaction.LockPatience.Holding;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Who gets a row.
 *
 * <p>A row goes to whoever asked first. Nobody overtakes, not even those who could have it together with its holders, with
 * one exception: a transaction that holds a row has it for each of its branches, whoever waits.
 */
public final class LockRules {
    private LockRules() {}

    /**
     * Why rows cannot be had now.
     *
     * @param waitFor what to wait for; null when waiting would keep the holder from getting on
     */
    record Blocked(Result refusal, Decision.@Nullable Wait waitFor, RowKey row) {}

    /**
     * Whether rows can be had.
     *
     * @param transactionId −1 outside of global transactions
     * @param ticket of whoever waits for them already; {@link Long#MAX_VALUE} for those who come now
     * @return null when they can
     */
    static @Nullable Blocked blocked(
            TransactionState state, long transactionId, List<RowClaim> rows, Holding holds, long ticket, long now) {
        LockTable.Conflict held = state.locks().conflict(transactionId, rows);
        if (held != null) {
            LockTable.Conflict rollingBack =
                    holds == Holding.NOTHING ? null : heldByRollback(state, transactionId, rows);
            LockTable.Conflict told = rollingBack == null ? held : rollingBack;
            GlobalTransaction holder = existing(state, told.holder());
            boolean failFast = rollingBack != null && holds == Holding.LOCAL_TRANSACTION;
            return new Blocked(
                    locked(told.row(), holder, failFast, now),
                    // Its undo needs the rows that the asker has in the database: waiting would block both.
                    rollingBack == null ? Decision.Wait.forRows(transactionId, rows) : null,
                    told.row());
        }
        for (RowClaim claim : rows) {
            RowKey row = claim.row();
            RowLock lock = state.locks().lock(row);
            boolean own = lock != null && lock.isHeldBy(transactionId);
            Waiter ahead = own ? null : state.queues().ahead(row, transactionId, ticket);
            if (ahead != null) {
                return new Blocked(
                        Result.failed(
                                TransactionError.LOCK_KEY_CONFLICT,
                                "row " + row + " is waited for by " + name(state, ahead.transactionId(), now)
                                        + ", which came first"),
                        Decision.Wait.forRows(transactionId, rows),
                        row);
            }
        }
        return null;
    }

    /** The answer to whoever wants a row that another has. */
    static Result locked(RowKey row, GlobalTransaction holder, boolean failFast, long now) {
        return Result.failed(
                failFast ? TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST : TransactionError.LOCK_KEY_CONFLICT,
                "row " + row + " is locked by " + Transactions.describe(holder, now) + ", which is " + holder.phase());
    }

    /** The first of the rows whose holder rolls back. */
    private static LockTable.@Nullable Conflict heldByRollback(
            TransactionState state, long transactionId, List<RowClaim> rows) {
        for (RowClaim claim : rows) {
            for (long holder : state.locks().inTheWayOf(transactionId, claim)) {
                if (existing(state, holder).phase() != Phase.ACTIVE) {
                    return new LockTable.Conflict(claim.row(), holder);
                }
            }
        }
        return null;
    }

    static GlobalTransaction existing(TransactionState state, long holder) {
        GlobalTransaction transaction = state.transaction(holder);
        if (transaction == null) {
            throw new IllegalStateException("rows are locked by " + holder + ", which has ended");
        }
        return transaction;
    }

    private static String name(TransactionState state, long transactionId, long now) {
        GlobalTransaction transaction = state.transaction(transactionId);
        return transaction == null ? "a reader" : Transactions.describe(transaction, now);
    }

    static Decision query(TransactionState state, Command.QueryLock command, long ticket, long now) {
        List<RowClaim> rows;
        try {
            rows = LockKeyText.parse(command.resourceId(), command.lockKey());
        } catch (IllegalArgumentException e) {
            return Decision.answer(new GlobalLockQueryResponse(
                    Result.failed(TransactionError.LOCKABLE_CHECK_FAILED, String.valueOf(e.getMessage())), false));
        }
        // Outside a global transaction the xid is empty; then every holder is another one.
        Blocked blocked = blocked(
                state,
                Transactions.idOf(command.xid()),
                rows,
                command.patience().holds(),
                ticket,
                now);
        return blocked == null
                ? Decision.answer(new GlobalLockQueryResponse(Result.OK, true))
                : Decision.blocked(
                        new GlobalLockQueryResponse(blocked.refusal(), false), blocked.waitFor(), blocked.row());
    }

    /** The decision for the one of a circle of waiting transactions that gives way. */
    public static Decision deadlock(
            TransactionState state, Command command, List<Deadlock.Link> circle, long victim, long now) {
        StringJoiner links = new StringJoiner("; ");
        for (Deadlock.Link link : circle) {
            links.add(name(state, link.transactionId(), now) + " waits for row " + link.row() + " of "
                    + name(state, link.blocker(), now));
        }
        Result refusal = Result.failed(
                TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST,
                "deadlock: " + links + ". " + name(state, victim, now) + " gives way, as it began last");
        RowKey wanted = circle.stream()
                .filter(link -> link.transactionId() == victim)
                .map(Deadlock.Link::row)
                .findFirst()
                .orElse(null);
        return Decision.blocked(refusal(command, refusal), null, wanted);
    }

    /** The decision for somebody who keeps others from getting on only by its place in a queue. */
    public static Decision comeAgain(Command command) {
        return Decision.answer(refusal(
                command,
                Result.failed(
                        TransactionError.LOCK_KEY_CONFLICT,
                        "its place in the queue kept the holder of another row that it wants from getting on")));
    }

    /** The decision for somebody who has said that it does not want to wait any longer. */
    public static Decision withdrawn(Command command) {
        return Decision.answer(refusal(
                command, Result.failed(TransactionError.LOCK_KEY_CONFLICT, "the one who waited has taken it back")));
    }

    /** The decision for somebody who waits at a coordinator that stops to lead. */
    public static Decision leadPassedOn(Command command) {
        return Decision.answer(refusal(
                command,
                Result.failed(
                        TransactionError.NOT_RAFT_LEADER,
                        "this coordinator passes the lead on; nothing was done, ask the next leader")));
    }

    /** The decision for somebody whose time to wait is up. */
    public static Decision waited(Command command, Decision decision, long millis) {
        if (decision.waitFor() == null || !(decision.answer() instanceof ResultResponse refused)) {
            return decision;
        }
        Result result = refused.result();
        return Decision.blocked(
                refusal(command, Result.failed(result.error(), result.message() + "; waited " + millis + " ms")),
                null,
                decision.contended());
    }

    private static Message.Response refusal(Command command, Result result) {
        if (command instanceof Command.CheckRead) {
            return new ReadCheckResponse(result, false, ReadCheck.NO_MARK);
        }
        return command instanceof Command.QueryLock
                ? new GlobalLockQueryResponse(result, false)
                : new BranchRegisterResponse(result, 0);
    }
}
