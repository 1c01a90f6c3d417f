package io.entente.tm.tcc;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.CapturedTransaction;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRefusedException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import io.entente.tm.branch.PhaseTwoWorkers;
import io.entente.tm.fence.Fence;
import io.entente.tm.fence.FenceViolatedException;
import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCC actions of this process: runs their tries as branches of the global transaction, and confirms and cancels them
 * when it is decided, also for other instances of the application that died. Thread-safe.
 *
 * <pre>{@code
 * TccActions actions = TccActions.of(client, 8);
 * actions.serve(freeze); // a TccAction
 *
 * client.transactions().execute("transfer", () -> actions.run(freeze, new Freeze("A-1", amount), argument -> {
 *     try (PreparedStatement update = TccBranch.current().connection().prepareStatement(
 *             "UPDATE account SET free = free - ?, frozen = frozen + ? WHERE id = ? AND free >= ?")) {
 *         ...
 *     }
 * }));
 * }</pre>
 *
 * <p>With Spring, {@link TwoPhaseBusinessAction} does all of this.
 */
public final class TccActions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TccActions.class);

    private final BranchChannel channel;
    private final PhaseTwoWorkers workers;
    private final Payloads payloads = new Payloads();
    private final Map<String, TccAction<?>> actions = new ConcurrentHashMap<>();

    private TccActions(BranchChannel channel, PhaseTwoWorkers workers) {
        this.channel = channel;
        this.workers = workers;
    }

    /**
     * Takes part over the branch channel of a client; to be closed before it.
     *
     * @param threads how many branches are confirmed or cancelled at the same time
     */
    public static TccActions of(EntenteClient client, int threads) {
        return new TccActions(client.branches(), new PhaseTwoWorkers("entente-tcc", threads));
    }

    /**
     * Makes this process confirm and cancel branches of the action; comes before its first try.
     *
     * @throws IllegalArgumentException when there is an action of that name already
     */
    public void serve(TccAction<?> action) {
        if (actions.putIfAbsent(action.name(), action) != null) {
            throw new IllegalArgumentException("There are two TCC actions named '" + action.name()
                    + "'. The coordinator knows an action by its name: give each one its own.");
        }
        channel.serve(new Served<>(action));
    }

    /**
     * Waits for the coordinator to know the actions that were served before.
     *
     * @throws CoordinatorUnreachableException after {@code patience}; the message says what was tried
     */
    public void awaitConnected(Duration patience) {
        channel.awaitConnected(patience);
    }

    /**
     * Runs a try as a branch of the global transaction on this thread. When it throws, the transaction can only roll
     * back, unless it is fenced and the caller waived such votes.
     *
     * @param argument kept at the coordinator for confirm and cancel, before {@code trial} runs
     * @return what {@code trial} returned
     * @throws IllegalStateException outside a global transaction, or when the action is not served
     * @throws PayloadNotUsableException the argument cannot be kept as JSON; nothing has happened
     * @throws TccNotRegisteredException the branch could not be registered; {@code trial} has not run
     * @throws io.entente.tm.fence.PhaseOneTooLateException the branch was cancelled before the try began
     * @throws Exception what {@code trial} throws, or the database of the fence
     */
    public <A, R extends @Nullable Object> R run(TccAction<A> action, A argument, TccPhase<A, R> trial)
            throws Exception {
        String xid = TransactionContext.xid();
        if (xid == null) {
            throw new IllegalStateException("The try of " + action + " was called outside a global transaction, so that"
                    + " nobody would ever confirm or cancel it. Call it from a method with @GlobalTransactional, or within"
                    + " GlobalTransactionTemplate.execute; in a service called over HTTP, check that the caller's XID"
                    + " arrives.");
        }
        if (!action.equals(actions.get(action.name()))) {
            throw new IllegalStateException(action
                    + " is not served by this process yet: call TccActions.serve before its first try. With Spring,"
                    + " actions are served once all beans are made, so that no try can run before that.");
        }
        BranchRegistration registration =
                new BranchRegistration(xid, BranchType.TCC, action.name(), "", action.write(payloads, argument));
        CapturedTransaction transaction = TransactionContext.capture();
        TccBranch branch = new TccBranch(registration, register(registration, transaction), transaction);
        log.debug("Registered {}", branch);
        Trial<A, R> attempt = new Trial<>(branch, argument, trial);
        try (var scope = TransactionContext.localWork()) {
            Fence fence = action.fence();
            return fence == null ? branch.run(null, attempt) : fence.runTry(branch.fenced(), attempt::runFenced);
        } catch (Exception | Error e) {
            // What threw after the work had returned was the commit: it may have happened.
            tryFailed(branch, action.fence() != null && !attempt.returned, e.toString());
            throw e;
        }
    }

    private long register(BranchRegistration registration, CapturedTransaction transaction) {
        try {
            return channel.register(registration);
        } catch (BranchRefusedException e) {
            String reason =
                    "The try of TCC action " + registration.resourceId() + " did not run: the coordinator refused to"
                            + " register its branch in " + registration.xid() + ": " + e.getMessage();
            transaction.vote(reason);
            throw new TccNotRegisteredException(reason, e);
        } catch (BranchException e) {
            String reason =
                    "The try of TCC action " + registration.resourceId() + " did not run: it is unknown whether the"
                            + " coordinator registered its branch in " + registration.xid()
                            + ", and the global transaction can only roll back: " + e.getMessage();
            setRollbackOnly(transaction, reason);
            throw new TccNotRegisteredException(reason, e);
        }
    }

    /** One call of a try. */
    private static final class Trial<A, R extends @Nullable Object> implements TccBranch.Work<R> {

        private final TccBranch branch;
        private final A argument;
        private final TccPhase<A, R> trial;
        private boolean returned;

        Trial(TccBranch branch, A argument, TccPhase<A, R> trial) {
            this.branch = branch;
            this.argument = argument;
            this.trial = trial;
        }

        @Override
        public R run() throws Exception {
            R result = trial.run(argument);
            returned = true;
            return result;
        }

        R runFenced(Connection connection) throws Exception {
            return branch.run(connection, this);
        }
    }

    /**
     * To be told when a try that returned was, or may have been, undone afterwards, because the local transaction it had
     * joined did not commit.
     *
     * @param surely it is undone; otherwise it may be
     */
    public void tryUndone(TccBranch branch, boolean surely) {
        tryFailed(branch, surely, "the local transaction around it did not commit");
    }

    /**
     * A failure that the caller swallows must not become a commit without this branch. That its own process is told to
     * roll back is not enough where a caller elsewhere waives such votes: the coordinator then would have a branch
     * confirmed that does not exist.
     */
    private void tryFailed(TccBranch branch, boolean undone, String failure) {
        if (!branch.markFailed()) {
            return;
        }
        String reason =
                "the try of TCC action " + branch.action() + " (branch " + branch.branchId() + ") failed: " + failure;
        branch.transaction().vote(reason);
        if (undone && reportFailed(branch)) {
            return;
        }
        setRollbackOnly(branch.transaction(), reason);
    }

    private boolean reportFailed(TccBranch branch) {
        try {
            channel.report(branch.registration(), branch.branchId(), BranchStatus.PHASE_ONE_FAILED, "");
            return true;
        } catch (BranchException e) {
            log.info(
                    "{}: that its try failed could not be reported, so it is cancelled later: {}",
                    branch,
                    e.getMessage());
            return false;
        }
    }

    private static void setRollbackOnly(CapturedTransaction transaction, String reason) {
        try (var scope = transaction.bind()) {
            TransactionContext.setRollbackOnly(reason);
        }
    }

    /** An action at the coordinator. */
    private final class Served<A> implements BranchResource {

        private final TccAction<A> action;

        Served(TccAction<A> action) {
            this.action = action;
        }

        @Override
        public BranchType type() {
            return BranchType.TCC;
        }

        @Override
        public String id() {
            return action.name();
        }

        @Override
        public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
            workers.run(branch, answer, () -> carryOut(action, branch, answer));
        }
    }

    private <A> void carryOut(TccAction<A> action, PhaseTwoBranch decided, PhaseTwoAnswer answer) {
        String what = (decided.isCommit() ? "confirm" : "cancel") + " of " + action;
        try (var scope = TransactionContext.suspend()) {
            boolean now = carryOut(action, decided);
            log.debug("{}: {} {}", decided, what, now ? "done" : "was done before, or had nothing to do");
            answer.done();
        } catch (FenceViolatedException | PayloadNotUsableException | ArgumentsLostException e) {
            log.error("{}: {} needs a person: {}", decided, what, e.getMessage());
            answer.giveUp(AttentionReason.FENCE_VIOLATED, String.valueOf(e.getMessage()));
        } catch (Exception | Error e) {
            log.warn("{}: {} failed, and is tried again: {}", decided, what, e.toString(), e);
            answer.tryAgain(what + " failed: " + textOf(e));
        }
    }

    private <A> boolean carryOut(TccAction<A> action, PhaseTwoBranch decided) throws Exception {
        String data = decided.applicationData();
        TccBranch branch = TccBranch.inPhaseTwo(
                new BranchRegistration(decided.xid(), BranchType.TCC, action.name(), "", data), decided.branchId());
        // Read within the fence: a branch with nothing to cancel can be cancelled whatever its arguments were.
        TccBranch.Work<Boolean> work = () -> {
            A argument = action.read(payloads, data);
            if (Boolean.FALSE.equals(action.phase(decided.isCommit()).run(argument))) {
                throw new IllegalStateException("it returned false, which means that it did not succeed");
            }
            return true;
        };
        if (!action.wasFenced(payloads, data)) {
            return branch.run(null, work);
        }
        Fence fence = action.fence();
        if (fence == null) {
            throw new IllegalStateException("the branch was tried with a fence, but the action is not fenced any more."
                    + " Start an instance of the application where it is, until no such branch is left");
        }
        return decided.isCommit()
                ? fence.confirm(branch.fenced(), connection -> branch.run(connection, work))
                : fence.cancel(branch.fenced(), connection -> branch.run(connection, work));
    }

    /** With the cause at the bottom, which mostly is the one that tells. */
    private static String textOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !root.getCause().equals(root)) {
            root = root.getCause();
        }
        return root.equals(failure) ? failure.toString() : failure + ", caused by " + root;
    }

    /** Ends what is under way and answers it. Requests that come in meanwhile are answered as to be sent again. */
    @Override
    public void close() {
        workers.close();
    }
}
