package io.entente.simulation.application;

import static io.entente.simulation.application.LocalWork.done;
import static io.entente.simulation.application.LocalWork.giveUp;
import static io.entente.simulation.application.LocalWork.tryAgain;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.simulation.database.Account;
import io.entente.simulation.database.LocalTransaction;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.database.UndoRow;
import io.entente.simulation.database.UndoRow.RowChange;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import io.entente.tc.transaction.LockPatience.Holding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** AT as the JDBC proxy does it: register, undo row and changes in one local commit, and the way back by the undo row. */
final class AtBranches implements Branches {
    private static final long LOCK_WAIT_MILLIS = 1_500;
    private static final long ATTEMPT_MILLIS = 50;
    private static final String UNDO = "undo:";

    private final LocalWork local;

    AtBranches(LocalWork local) {
        this.local = local;
    }

    @Override
    public void work(String xid, Step step, Consumer<Boolean> then) {
        boolean repeatable = local.world().random().nextBoolean();
        attempt(xid, step, repeatable, local.world().now() + LOCK_WAIT_MILLIS * 1_000, then);
    }

    private void attempt(String xid, Step step, boolean repeatable, long until, Consumer<Boolean> then) {
        ModelDatabase database = local.database(step);
        LocalTransaction transaction = local.begin(database);
        local.lockAll(database, transaction, step.accounts(), had -> {
            List<RowChange> changes = had ? execute(xid, step, transaction) : List.of();
            if (changes.isEmpty()) {
                transaction.rollBack();
                then.accept(false);
                return;
            }
            if (local.seams().commitsFirst()) {
                local.commit(transaction, () -> {}, ended -> {});
            }
            register(xid, step, transaction, changes, repeatable, until, then);
        });
    }

    /** The changes made; none when there is too little money. */
    private static List<RowChange> execute(String xid, Step step, LocalTransaction transaction) {
        List<RowChange> made = new ArrayList<>();
        for (int i = 0; i < step.changes().size(); i++) {
            Step.Change change = step.changes().get(i);
            Account before = transaction.account(change.account());
            if (change.guarded() && before.balance() + change.delta() < 0) {
                return List.of();
            }
            String part = step.part(xid, i);
            Account after = before.with(part, change.delta());
            transaction.write(change.account(), after);
            made.add(new RowChange(change.account(), change.exclusive() ? before : null, after, part, change.delta()));
        }
        return made;
    }

    private void register(
            String xid,
            Step step,
            LocalTransaction transaction,
            List<RowChange> changes,
            boolean repeatable,
            long until,
            Consumer<Boolean> then) {
        long left = Math.max(0, until - local.world().now()) / 1_000;
        LockPatience patience = repeatable
                ? new LockPatience(Math.min(left, ATTEMPT_MILLIS), Holding.ATTEMPT)
                : new LockPatience(left, Holding.LOCAL_TRANSACTION);
        local.register(
                xid,
                BranchType.AT,
                step.resource(),
                lockKey(step),
                "",
                patience,
                branchId -> commit(xid, step, branchId, transaction, changes, then),
                refused -> {
                    transaction.rollBack();
                    boolean conflict =
                            refused != null && refused.result().error() == TransactionError.LOCK_KEY_CONFLICT;
                    if (conflict && repeatable && local.world().now() < until) {
                        awaitRows(xid, step, until, then);
                    } else {
                        then.accept(false);
                    }
                });
    }

    /** With nothing in hand, to begin anew afterwards. */
    private void awaitRows(String xid, Step step, long until, Consumer<Boolean> then) {
        long left = Math.max(1, (until - local.world().now()) / 1_000);
        Command query =
                new Command.QueryLock(xid, step.resource(), lockKey(step), new LockPatience(left, Holding.NOTHING));
        local.line().ask(query, LocalWork.SECOND + left * 1_000, answer -> {
            boolean free = answer instanceof Message.GlobalLockQueryResponse response && response.lockable();
            if (free || answer != null && local.world().now() < until) {
                attempt(xid, step, true, until, then);
            } else {
                then.accept(false);
            }
        });
    }

    private void commit(
            String xid,
            Step step,
            long branchId,
            LocalTransaction transaction,
            List<RowChange> changes,
            Consumer<Boolean> then) {
        ModelDatabase database = local.database(step);
        if (changes.stream().allMatch(change -> change.before() != null) && transaction.isOpen()) {
            local.invariants().onIsolatedRead(xid, database, step.accounts());
        }
        local.lockAll(database, transaction, List.of(UNDO + branchId), had -> {
            if (!had || transaction.read(UNDO + branchId) != null) {
                local.world().trace().mark("a local commit came too late");
                // The rollback came first, or the database does not get on: surely nothing is committed.
                transaction.rollBack();
                local.report(xid, branchId, BranchStatus.PHASE_ONE_FAILED, "", arrived -> {});
                then.accept(false);
                return;
            }
            transaction.write(UNDO + branchId, new UndoRow(xid, false, changes));
            local.commit(
                    transaction,
                    () -> local.effect(xid, branchId, BranchType.AT, step.resource()),
                    ended -> then.accept(ended == LocalWork.Commit.DONE));
        });
    }

    static String lockKey(Step step) {
        Map<String, String> modes = new TreeMap<>();
        for (Step.Change change : step.changes()) {
            String mode = change.exclusive() ? "" : change.delta() < 0 ? "%(n-)" : "%(n+)";
            modes.merge(change.account(), mode, (one, other) -> one.equals(other) ? one : "");
        }
        List<String> keys = new ArrayList<>();
        modes.forEach((account, mode) -> keys.add(mode + "account:" + account));
        return String.join(";", keys);
    }

    @Override
    public void carryOut(Order order, Consumer<Answer> then) {
        ModelDatabase database = local.database(order.resourceId());
        LocalTransaction transaction = local.begin(database);
        String key = UNDO + order.branchId();
        local.lockAll(database, transaction, List.of(key), had -> {
            if (!had) {
                then.accept(tryAgain(order.commit(), "the undo row is locked"));
            } else if (order.commit()) {
                transaction.delete(key);
                finish(order, transaction, () -> {}, then);
            } else if (!(transaction.read(key) instanceof UndoRow undo)) {
                local.world().trace().mark("a rollback came first");
                transaction.write(key, UndoRow.defence(order.xid()));
                finish(order, transaction, () -> {}, then);
            } else if (undo.defence()) {
                transaction.rollBack();
                then.accept(done(false));
            } else {
                undo(order, database, transaction, undo, then);
            }
        });
    }

    private void undo(
            Order order, ModelDatabase database, LocalTransaction transaction, UndoRow undo, Consumer<Answer> then) {
        List<String> keys =
                undo.changes().stream().map(RowChange::key).distinct().sorted().toList();
        local.lockAll(database, transaction, keys, had -> {
            if (!had) {
                then.accept(tryAgain(false, "a row is locked"));
                return;
            }
            List<RowChange> backwards = new ArrayList<>(undo.changes());
            Collections.reverse(backwards);
            for (RowChange change : local.seams().toUndo(backwards)) {
                Account now = transaction.account(change.key());
                if (change.before() == null) {
                    transaction.write(change.key(), now.without(change.part(), change.delta()));
                } else if (now.equals(change.after())) {
                    transaction.write(change.key(), change.before());
                } else {
                    transaction.rollBack();
                    local.invariants()
                            .violations()
                            .unexpected("branch " + order.branchId() + " of " + order.xid()
                                    + " cannot be undone, as somebody has changed " + change.key() + ": it is " + now
                                    + " and was " + change.after());
                    then.accept(giveUp(false, "row " + change.key() + " was changed"));
                    return;
                }
            }
            transaction.delete(UNDO + order.branchId());
            finish(
                    order,
                    transaction,
                    () -> local.undone(order.xid(), order.branchId(), BranchType.AT, order.resourceId()),
                    then);
        });
    }

    private void finish(Order order, LocalTransaction transaction, Runnable atCommit, Consumer<Answer> then) {
        if (local.seams().answersEarly()) {
            then.accept(done(order.commit()));
            local.commit(transaction, atCommit, ended -> {});
            return;
        }
        local.commit(
                transaction,
                atCommit,
                ended -> then.accept(
                        ended == LocalWork.Commit.DONE
                                ? done(order.commit())
                                : tryAgain(order.commit(), "the connection to the database broke")));
    }
}
