package io.entente.simulation.application;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.simulation.database.Account;
import io.entente.simulation.database.LocalTransaction;
import io.entente.tc.transaction.LockPatience;
import java.util.function.Consumer;

/** TCC: a try freezes what a confirm spends; what comes in comes with the confirm. */
final class TccBranches implements Branches {
    private final LocalWork local;
    private final FencedBranches fence;

    TccBranches(LocalWork local) {
        this.local = local;
        this.fence = new FencedBranches(local);
    }

    @Override
    public void work(String xid, Step step, Consumer<Boolean> then) {
        local.register(
                xid,
                BranchType.TCC,
                step.resource(),
                "",
                step.written(),
                LockPatience.NONE,
                branchId -> fence.tryOnce(
                        xid,
                        branchId,
                        step,
                        transaction -> freeze(step, transaction),
                        () -> local.effect(xid, branchId, BranchType.TCC, step.resource()),
                        tried -> {
                            if (tried == FencedBranches.Tried.NOT) {
                                local.report(
                                        xid,
                                        branchId,
                                        BranchStatus.PHASE_ONE_FAILED,
                                        "",
                                        arrived -> then.accept(false));
                            } else {
                                then.accept(tried == FencedBranches.Tried.DONE);
                            }
                        }),
                refused -> then.accept(false));
    }

    private static boolean freeze(Step step, LocalTransaction transaction) {
        for (Step.Change change : step.changes()) {
            if (change.delta() < 0) {
                Account account = transaction.account(change.account());
                if (account.balance() + change.delta() < 0) {
                    return false;
                }
                transaction.write(change.account(), account.freeze(-change.delta()));
            }
        }
        return true;
    }

    private static boolean confirm(String xid, Step step, LocalTransaction transaction) {
        for (int i = 0; i < step.changes().size(); i++) {
            Step.Change change = step.changes().get(i);
            Account account = transaction.account(change.account());
            String part = step.part(xid, i);
            transaction.write(
                    change.account(),
                    change.delta() < 0 ? account.spend(part, -change.delta()) : account.with(part, change.delta()));
        }
        return true;
    }

    private static boolean cancel(Step step, LocalTransaction transaction) {
        for (Step.Change change : step.changes()) {
            if (change.delta() < 0) {
                Account account = transaction.account(change.account());
                transaction.write(change.account(), account.freeze(change.delta()));
            }
        }
        return true;
    }

    @Override
    public void carryOut(Order order, Consumer<Answer> then) {
        Step step = Step.read(order.data());
        fence.finish(
                order,
                step,
                transaction -> order.commit() ? confirm(order.xid(), step, transaction) : cancel(step, transaction),
                () -> {
                    if (!order.commit()) {
                        local.undone(order.xid(), order.branchId(), BranchType.TCC, order.resourceId());
                    }
                },
                then);
    }
}
