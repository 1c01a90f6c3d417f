package io.entente.simulation.invariant;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Phase;

/** What anybody was told is durable at that moment, and holds for ever. */
final class AcknowledgedDecisions implements Invariant {
    private final DurableFacts durable;
    private final Ledger ledger;
    private final Violations violations;

    AcknowledgedDecisions(DurableFacts durable, Ledger ledger, Violations violations) {
        this.durable = durable;
        this.ledger = ledger;
        this.violations = violations;
    }

    @Override
    public void onAnswer(Command command, Message.Response answer) {
        if (answer instanceof Message.GlobalBeginResponse begun
                && begun.result().success()) {
            require(durable.isBegun(begun.xid()), begun.xid() + " is told to be begun");
        } else if (answer instanceof Message.BranchRegisterResponse registered
                && registered.result().success()) {
            require(durable.isRegistered(registered.branchId()), "branch " + registered.branchId() + " is told");
        } else if (command instanceof Command.Commit commit && answer instanceof Message.GlobalCommitResponse told) {
            told(commit.xid(), told.status());
        } else if (command instanceof Command.Rollback rollback
                && answer instanceof Message.GlobalRollbackResponse told) {
            told(rollback.xid(), told.status());
        }
    }

    private void told(String xid, GlobalStatus status) {
        Phase.Move decision = durable.decision(xid);
        switch (status) {
            case COMMITTED, COMMITTING, COMMIT_RETRYING, ASYNC_COMMITTING, COMMIT_FAILED ->
                require(decision == Phase.Move.DECIDE_COMMIT, xid + " is told to be " + status + ", not " + decision);
            case ROLLED_BACK, ROLLING_BACK, ROLLBACK_RETRYING, ROLLBACK_FAILED ->
                require(decision == Phase.Move.DECIDE_ROLLBACK, xid + " is told to be " + status + ", not " + decision);
            case TIMEOUT_ROLLED_BACK, TIMEOUT_ROLLING_BACK, TIMEOUT_ROLLBACK_RETRYING, TIMEOUT_ROLLBACK_FAILED ->
                require(decision == Phase.Move.TIME_OUT, xid + " is told to be " + status + ", not " + decision);
            case FINISHED -> {}
            default -> require(false, xid + " is told to be " + status);
        }
    }

    @Override
    public void onOrder(Message.TransactionRequest order) {
        Phase.Move decision = durable.decision(order.xid());
        boolean commit = order instanceof Message.BranchCommitRequest;
        require(
                decision != null && commit == (decision == Phase.Move.DECIDE_COMMIT),
                order + " is sent, and what is decided is " + decision);
    }

    @Override
    public void onEnd(EndOfRun end) {
        ledger.entries().forEach((xid, entry) -> {
            Ledger.Told told = entry.told();
            boolean committed = durable.isCommitted(xid);
            if (told == Ledger.Told.COMMITTED && !committed || told == Ledger.Told.ROLLED_BACK && committed) {
                violations.report(this, xid + " was told to be " + told + ", and is " + durable.decision(xid));
            }
        });
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            violations.report(this, what);
        }
    }
}
