package io.entente.simulation.application;

import static io.entente.simulation.application.LocalWork.done;
import static io.entente.simulation.application.LocalWork.tryAgain;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.simulation.database.Account;
import io.entente.simulation.database.LocalTransaction;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.LockPatience;
import io.entente.tc.transaction.Transactions;
import java.util.List;
import java.util.function.Consumer;

/** Sagas: steps that stand at once, their compensations, and the rest of a saga behind its point of no return. */
final class SagaBranches implements Branches {
    private static final int REPORTS = 3;

    private final LocalWork local;
    private final FencedBranches fence;

    SagaBranches(LocalWork local) {
        this.local = local;
        this.fence = new FencedBranches(local);
    }

    @Override
    public void work(String xid, Step step, Consumer<Boolean> then) {
        local.register(
                xid,
                BranchType.SAGA_ANNOTATION,
                step.resource(),
                "",
                step.written(),
                LockPatience.NONE,
                branchId -> run(xid, step, branchId, then),
                refused -> then.accept(false));
    }

    private void run(String xid, Step step, long branchId, Consumer<Boolean> then) {
        fence.tryOnce(
                xid,
                branchId,
                step,
                transaction -> move(xid, step, transaction),
                () -> local.effect(xid, branchId, BranchType.SAGA_ANNOTATION, step.resource()),
                tried -> {
                    switch (tried) {
                        case DONE, BEFORE -> reportDone(xid, step, branchId, REPORTS, then);
                        case NOT -> {
                            local.report(xid, branchId, BranchStatus.REGISTERED, step.written(), arrived -> {});
                            then.accept(false);
                        }
                        case UNKNOWN -> then.accept(false);
                    }
                });
    }

    private void reportDone(String xid, Step step, long branchId, int times, Consumer<Boolean> then) {
        local.report(xid, branchId, BranchStatus.PHASE_ONE_DONE, step.written() + "\n", arrived -> {
            if (arrived || times == 1) {
                then.accept(arrived);
            } else {
                reportDone(xid, step, branchId, times - 1, then);
            }
        });
    }

    private static boolean move(String xid, Step step, LocalTransaction transaction) {
        for (int i = 0; i < step.changes().size(); i++) {
            Step.Change change = step.changes().get(i);
            Account account = transaction.account(change.account());
            if (change.guarded() && account.balance() + change.delta() < 0) {
                return false;
            }
            transaction.write(change.account(), account.with(step.part(xid, i), change.delta()));
        }
        return true;
    }

    private static boolean compensate(String xid, Step step, LocalTransaction transaction) {
        for (int i = 0; i < step.changes().size(); i++) {
            Step.Change change = step.changes().get(i);
            Account account = transaction.account(change.account());
            transaction.write(change.account(), account.without(step.part(xid, i), change.delta()));
        }
        return true;
    }

    @Override
    public void carryOut(Order order, Consumer<Answer> then) {
        if (order.commit()) {
            local.invariants().violations().unexpected("a step of a saga is to be committed: " + order);
            then.accept(done(true));
            return;
        }
        Step step = Step.read(order.data().strip());
        fence.finish(
                order,
                step,
                transaction -> compensate(order.xid(), step, transaction),
                () -> local.undone(order.xid(), order.branchId(), BranchType.SAGA_ANNOTATION, order.resourceId()),
                then);
    }

    /** Carries on a saga that cannot go back any more. */
    void carryOn(Order order, List<Step> steps, Consumer<Answer> then) {
        if (!order.commit()) {
            then.accept(done(false));
            return;
        }
        local.line()
                .<Boolean>question(
                        view -> {
                            GlobalTransaction transaction = Transactions.find(view.state(), order.xid());
                            return transaction != null;
                        },
                        open -> {
                            if (open == null) {
                                then.accept(tryAgain(true, "the coordinator does not answer"));
                            } else if (!open) {
                                then.accept(done(true));
                            } else {
                                local.world().trace().mark("a saga was carried on");
                                next(order, steps, then);
                            }
                        });
    }

    private void next(Order order, List<Step> steps, Consumer<Answer> then) {
        if (steps.isEmpty()) {
            then.accept(done(true));
            return;
        }
        work(order.xid(), steps.get(0), went -> {
            if (went) {
                next(order, steps.subList(1, steps.size()), then);
            } else {
                then.accept(tryAgain(true, "step " + steps.get(0).number() + " has failed"));
            }
        });
    }
}
