package io.entente.crash;

import io.entente.protocol.Message;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.GlobalTransactionOutcomeUnknownException;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One transfer between two banks in which, at some message, something goes wrong. A process that died is started anew, the
 * clock of the coordinator goes on, and everything has to come to an exact end.
 */
final class Transfer {

    /** How long nothing may change after a message that came when all was over. */
    private static final Duration STILLNESS = Duration.ofMillis(150);

    /** What the caller of the transfer got to know. */
    enum Told {
        COMMITTED,
        ROLLED_BACK,
        UNKNOWN
    }

    private final Mode mode;
    private final boolean declined;
    private final @Nullable CrashPoint crash;
    private final EmbeddedCoordinator coordinator;
    private final Site payerSite;
    private final Site payeeSite;
    private final EventLoopGroup network;
    private final ExecutorService threads;
    private final List<String> seen = new ArrayList<>();
    private final CompletableFuture<Void> recovered = new CompletableFuture<>();
    private final Directory directory = new Directory();
    private final List<Bank> replacements = new ArrayList<>();
    private final List<Wire> wires = new CopyOnWriteArrayList<>();
    private @Nullable Runnable late;
    private boolean happened;

    Transfer(Bench bench, Mode mode, boolean declined, @Nullable CrashPoint crash) {
        this.mode = mode;
        this.declined = declined;
        this.crash = crash;
        this.coordinator = bench.coordinator();
        this.payerSite = bench.payer();
        this.payeeSite = bench.payee();
        this.network = bench.network();
        this.threads = bench.threads();
    }

    /** The messages of the run in their order, for people and for counting. */
    synchronized List<String> messages() {
        return List.copyOf(seen);
    }

    /** @return what is wrong in the end; empty when all is well */
    List<String> run() throws Exception {
        payerSite.reset();
        payeeSite.reset();
        Bank[] banks = new Bank[2];
        try (Wire payerWire = wire("payer", banks);
                Wire payeeWire = wire("payee", banks)) {
            banks[0] = mode.start(payerSite, payerWire.address(), directory);
            banks[1] = mode.start(payeeSite, payeeWire.address(), directory);
            directory.announce(banks[0]);
            directory.announce(banks[1]);
            Told told = transfer(banks[0], banks[1]);
            awaitRecovery();
            List<String> problems = settle();
            // The last message of all may have come, and brought its mishap, only now.
            awaitRecovery();
            problems.addAll(check(told));
            Runnable latecomer = latecomer();
            if (latecomer != null && problems.isEmpty()) {
                latecomer.run();
                Awaitility.await()
                        .during(STILLNESS)
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() -> openTransactions() == 0 && check(told).isEmpty());
            }
            return problems;
        } finally {
            for (Bank bank : banks) {
                if (bank != null) {
                    bank.close();
                }
            }
            replacements.forEach(Bank::close);
        }
    }

    private void awaitRecovery() throws Exception {
        if (hasHappened()) {
            recovered.get(60, TimeUnit.SECONDS);
        }
    }

    private Told transfer(Bank payer, Bank payee) throws Exception {
        CompletableFuture<Told> told = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                payer.transfer(payee, declined);
                told.complete(Told.COMMITTED);
            } catch (GlobalTransactionOutcomeUnknownException | Bank.NotYetKnownException e) {
                told.complete(Told.UNKNOWN);
            } catch (Exception | Error e) {
                boolean unknown = e.getSuppressed().length > 0;
                told.complete(unknown ? Told.UNKNOWN : Told.ROLLED_BACK);
            }
        });
        Awaitility.await()
                .atMost(90, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> {
                    if (told.isDone() || (isPayerDead() && recovered.isDone())) {
                        return true;
                    }
                    if (hasHappened() && recovered.isDone()) {
                        coordinator.advanceTime(Duration.ofMillis(200));
                    }
                    return false;
                });
        // The dead tell nothing.
        return isPayerDead() ? told.getNow(Told.UNKNOWN) : told.get();
    }

    private boolean isPayerDead() {
        return crash != null && crash.mishap() == CrashPoint.Mishap.PAYER_DIES && hasHappened();
    }

    private Wire wire(String name, @Nullable Bank[] banks) {
        Wire made = new Wire(
                name,
                network,
                coordinator.port(),
                (wire, message, toCoordinator, deliver) -> onMessage(wire, message, toCoordinator, deliver, banks));
        wires.add(made);
        return made;
    }

    private synchronized void onMessage(
            Wire wire, Message message, boolean toCoordinator, Runnable deliver, @Nullable Bank[] banks) {
        if (!happened) {
            seen.add(wire.name() + (toCoordinator ? " -> " : " <- ") + message.type());
        }
        if (happened || crash == null || seen.size() != crash.message()) {
            deliver.run();
            return;
        }
        happened = true;
        switch (crash.mishap()) {
            case COORDINATOR_DIES -> recover(coordinator::restart);
            case PAYER_DIES -> {
                kill("payer", banks, 0, payerSite);
                // Cut off, if it was the victim's.
                deliver.run();
            }
            case PAYEE_DIES -> {
                kill("payee", banks, 1, payeeSite);
                deliver.run();
            }
            case MESSAGE_LOST -> recovered.complete(null);
            case MESSAGE_TWICE -> {
                deliver.run();
                deliver.run();
                recovered.complete(null);
            }
            case MESSAGE_LATE -> {
                late = deliver;
                recovered.complete(null);
            }
        }
    }

    private void kill(String victim, @Nullable Bank[] banks, int index, Site site) {
        // Only the victim's line: what others say goes on its way.
        wires.stream().filter(line -> line.name().equals(victim)).forEach(Wire::cut);
        Bank bank = banks[index];
        recover(() -> {
            if (bank != null) {
                bank.die();
            }
            Bank replacement = mode.start(site, coordinator.address(), directory);
            directory.announce(replacement);
            synchronized (replacements) {
                replacements.add(replacement);
            }
        });
    }

    private interface Step {
        void run() throws Exception;
    }

    private void recover(Step step) {
        threads.execute(() -> {
            try {
                step.run();
                recovered.complete(null);
            } catch (Exception | Error e) {
                recovered.completeExceptionally(e);
            }
        });
    }

    private synchronized @Nullable Runnable latecomer() {
        return late;
    }

    /** Whether the run came as far as its crash point. */
    synchronized boolean hasHappened() {
        return happened;
    }

    /** Time goes by until nothing is under way any more. */
    private List<String> settle() {
        List<String> problems = new ArrayList<>();
        try {
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .pollInterval(20, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        if (openTransactions() == 0) {
                            return true;
                        }
                        coordinator.advanceTime(Duration.ofMillis(500));
                        return false;
                    });
        } catch (ConditionTimeoutException e) {
            problems.add("never ended: " + describeOpen());
        }
        return problems;
    }

    private int openTransactions() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().size())
                .join();
    }

    private String describeOpen() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().stream()
                        .map(transaction -> transaction.phase() + " "
                                + transaction.branches().stream()
                                        .map(branch -> branch.type() + " " + branch.resourceId() + " "
                                                + view.lastFailure(branch.id()))
                                        .toList()
                                + transaction.stuck())
                        .toList()
                        .toString())
                .join();
    }

    private List<String> check(Told told) throws Exception {
        List<String> problems = new ArrayList<>();
        int payer = payerSite.balance();
        int payee = payeeSite.balance();
        boolean done = payer == Site.START_BALANCE - 10 && payee == Site.START_BALANCE + 10;
        boolean undone = payer == Site.START_BALANCE && payee == Site.START_BALANCE;
        if (!done && !undone) {
            problems.add("payer has " + payer + " and payee has " + payee);
        }
        if (done && declined) {
            problems.add("committed although declined");
        }
        if (undone && told == Told.COMMITTED) {
            problems.add("told committed, but nothing was moved");
        }
        if (done && told == Told.ROLLED_BACK) {
            problems.add("told rolled back, but the money was moved");
        }
        directory.find("payer").sweep();
        directory.find("payee").sweep();
        problems.addAll(payerSite.remains());
        problems.addAll(payeeSite.remains());
        return problems;
    }
}
