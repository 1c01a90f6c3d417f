package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.ConflictText;
import io.entente.protocol.Message;
import io.entente.protocol.Resolution;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.lock.RowLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random commands in random order, many of them nonsense; after each one the laws of the state must hold. */
class RandomLifeTest {
    private static final int STEPS = 400;

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_laws_hold_after_every_command_and_every_restart(long seed) {
        Random random = new Random(seed);
        Heart heart = new Heart();
        List<String> xids = new ArrayList<>(List.of("h:1:1", "nonsense"));
        List<Long> branches = new ArrayList<>(List.of(1L));
        Map<String, Boolean> decisions = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            heart.now += random.nextInt(50);
            Command command = command(random, heart, xids, branches);
            Decision decision = heart.give(command);
            if (decision.answer() instanceof Message.GlobalBeginResponse begun
                    && begun.result().success()) {
                assertThat(xids).doesNotContain(begun.xid());
                xids.add(begun.xid());
            }
            if (decision.answer() instanceof Message.BranchRegisterResponse registered
                    && registered.result().success()) {
                anIdIsNewOrThatOfTheSameStep(heart, (Command.RegisterBranch) command, registered.branchId(), branches);
            }
            rowsAreHeldByBranchesAndNobodyElse(heart.state);
            decisionsStand(heart, xids, decisions);
            somebodyCanBeAsked(heart.state);
        }
        assertThat(Heart.picture(heart.replayed())).isEqualTo(Heart.picture(heart.state));
        assertThat(Heart.picture(heart.snapshotted())).isEqualTo(Heart.picture(heart.state));
    }

    private static Command command(Random random, Heart heart, List<String> xids, List<Long> branches) {
        // The newest are the most interesting.
        String xid = xids.get(Math.max(0, xids.size() - 1 - random.nextInt(6)));
        long branch = branches.get(Math.max(0, branches.size() - 1 - random.nextInt(8)));
        List<GlobalTransaction> backwards = heart.state.transactions().stream()
                .filter(each -> each.phase() != Phase.ACTIVE && !each.phase().isCommit())
                .toList();
        if (!backwards.isEmpty() && random.nextInt(3) == 0) {
            // The way back is long, and only who meets its branches sees all of it.
            GlobalTransaction transaction = backwards.get(random.nextInt(backwards.size()));
            xid = transaction.xid();
            branch = transaction
                    .branches()
                    .get(random.nextInt(transaction.branches().size()))
                    .id();
        }
        BranchStatus[] statuses = BranchStatus.values();
        return switch (random.nextInt(15)) {
            case 0, 1 -> new Command.Begin("h:1:", "shop", "g", "purchase", 1 + random.nextInt(2_000));
            case 2, 3, 4 ->
                new Command.RegisterBranch(
                        xid,
                        random.nextBoolean() ? BranchType.AT : BranchType.fromCode(random.nextInt(5)),
                        "db" + random.nextInt(2),
                        "shop:h:1",
                        rows(random),
                        "",
                        new LockPatience(0, LockPatience.Holding.values()[random.nextInt(3)]));
            case 5 -> new Command.Commit(xid);
            case 6 -> new Command.Rollback(xid);
            case 7 -> new Command.ReportBranch(xid, branch, statuses[random.nextInt(4)], "data" + random.nextInt(3));
            case 8 -> new Command.Timeout(Transactions.idOf(xid));
            case 9 -> new Command.Resolve(xid, null, Resolution.RETRY, "");
            case 10 -> new Command.GiveUp(Transactions.idOf(xid), branch, "asked often");
            case 11, 12 ->
                new Command.Resolve(
                        xid, random.nextBoolean() ? branch : null, Resolution.fromCode(1 + random.nextInt(5)), "ann");
            default ->
                new Command.BranchAnswered(
                        xid,
                        branch,
                        statuses[5 + random.nextInt(statuses.length - 5)],
                        random.nextBoolean() ? "" : new ConflictText("row 1 was changed", "{}").joined());
        };
    }

    private static String rows(Random random) {
        String mode = random.nextBoolean() ? "" : "%(n" + (random.nextBoolean() ? "-" : "+") + ")";
        return random.nextInt(3) == 0 ? "" : mode + "t:" + random.nextInt(6) + ",x" + random.nextInt(6);
    }

    private static void anIdIsNewOrThatOfTheSameStep(
            Heart heart, Command.RegisterBranch command, long branchId, List<Long> branches) {
        GlobalTransaction transaction = heart.transaction(command.xid());
        if (branches.contains(branchId)) {
            assertThat(command.type()).isEqualTo(BranchType.SAGA_ANNOTATION);
            assertThat(transaction.phase().isCommit()).isTrue();
            assertThat(transaction.branch(branchId).resourceId()).isEqualTo(command.resourceId());
        } else {
            branches.add(branchId);
            boolean lateComer = command.type() == BranchType.SAGA
                    || (command.type() == BranchType.SAGA_ANNOTATION
                            && transaction.phase().isCommit());
            assertThat(transaction.phase() == Phase.ACTIVE || lateComer)
                    .as("%s when %s", command, transaction.phase())
                    .isTrue();
        }
    }

    /** A decided transaction never waits for nobody, and a journal alone keeps none open. */
    private static void somebodyCanBeAsked(TransactionState state) {
        for (GlobalTransaction transaction : state.transactions()) {
            if (transaction.phase() != Phase.ACTIVE) {
                List<Branch> ready = PhaseTwoOrder.ready(transaction);
                assertThat(ready).isNotEmpty();
                assertThat(transaction.phase().isCommit() && ready.stream().anyMatch(Branch::isJournal))
                        .isFalse();
                assertThat(transaction.stuck())
                        .allMatch(stuck -> transaction.branch(stuck.branchId()) != null)
                        .matches(stuck -> stuck.isEmpty() || transaction.phase().needsAttention());
                for (Branch branch : transaction.branches()) {
                    boolean open = transaction.openAction(branch.id()) != null;
                    boolean stuck = transaction.isStuck(branch.id());
                    assertThat(open && stuck).isFalse();
                    assertThat(transaction.conflict(branch.id()) == null || stuck)
                            .isTrue();
                }
            }
        }
    }

    private static void rowsAreHeldByBranchesAndNobodyElse(TransactionState state) {
        Map<RowKey, Map<String, Integer>> expected = new HashMap<>();
        Map<RowKey, Set<String>> modes = new HashMap<>();
        Map<RowKey, Set<Long>> holders = new HashMap<>();
        for (GlobalTransaction transaction : state.transactions()) {
            for (Branch branch : transaction.branches()) {
                for (RowClaim claim : branch.rows()) {
                    expected.computeIfAbsent(claim.row(), any -> new HashMap<>())
                            .merge(transaction.id() + " " + claim.mode(), 1, Integer::sum);
                    modes.computeIfAbsent(claim.row(), any -> new HashSet<>()).add(claim.mode());
                    holders.computeIfAbsent(claim.row(), any -> new HashSet<>()).add(transaction.id());
                }
            }
            if (transaction.phase() != Phase.ACTIVE) {
                assertThat(transaction.branches())
                        .as("an open decision has work left")
                        .isNotEmpty();
            }
        }
        Map<RowKey, Map<String, Integer>> held = new HashMap<>();
        state.locks().forEach((row, lock) -> held.put(row, claims(lock)));
        assertThat(held).isEqualTo(expected);
        holders.forEach((row, those) -> {
            if (those.size() > 1) {
                assertThat(modes.get(row))
                        .as("all have %s in one mode", row)
                        .hasSize(1)
                        .doesNotContain("");
            }
        });
    }

    private static Map<String, Integer> claims(RowLock lock) {
        Map<String, Integer> claims = new HashMap<>();
        if (lock instanceof RowLock.Exclusive one) {
            claims.put(one.transactionId() + " ", one.branches());
        } else if (lock instanceof RowLock.Claims several) {
            several.counts().forEach((id, modes) -> modes.forEach((mode, count) -> claims.put(id + " " + mode, count)));
        }
        return claims;
    }

    private static void decisionsStand(Heart heart, List<String> xids, Map<String, Boolean> decisions) {
        for (String xid : xids) {
            GlobalTransaction transaction = heart.transaction(xid);
            Phase phase = transaction != null ? transaction.phase() : heart.state.outcome(Transactions.idOf(xid));
            if (phase != null && phase != Phase.ACTIVE) {
                Boolean before = decisions.putIfAbsent(xid, phase.isCommit());
                assertThat(before).as(xid).isIn(null, phase.isCommit());
            }
        }
    }
}
