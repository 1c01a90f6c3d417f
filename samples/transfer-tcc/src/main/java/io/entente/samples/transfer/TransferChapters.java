package io.entente.samples.transfer;

import io.entente.samples.story.Answer;
import io.entente.samples.story.Chapter;
import io.entente.samples.story.Chapters;
import io.entente.samples.story.JavaProcess;
import io.entente.samples.story.Service;
import java.util.concurrent.CompletableFuture;

/** The seven chapters. */
final class TransferChapters {

    /** Long enough for the coordinator to be seen at work. */
    private static final long A_MOMENT = 120;

    /** Long enough to look at the tables and to kill a process. */
    private static final long LONG = 2_000;

    /** Longer than a restart of the coordinator. */
    private static final long VERY_LONG = 5_000;

    private final Chapters<TransferTables> chapters;

    TransferChapters(Chapters<TransferTables> chapters) {
        this.chapters = chapters;
    }

    void tell() {
        commits();
        lacksMoney();
        isDeclined();
        confirmFailsAtFirst();
        payeesBankIsKilled();
        payersBankIsKilled();
        coordinatorIsKilled();
    }

    private void commits() {
        Chapter<TransferTables> chapter = chapters.begin("A transfer that commits");
        chapter.say(
                "Alice, at the bank north, pays 100 to Carol, at the bank south. Try: north freezes the money, south"
                        + " announces it. Confirm: north settles, south credits. Each of these four is a local transaction of its"
                        + " bank, with nothing left locked in between.");
        CompletableFuture<Answer> alice =
                later(chapter, Order.of("T1", "alice", "carol", 100).withCheckMillis(LONG));
        chapter.awaitTables(TransferTables::isTriedAtBothBanks);
        chapter.tablesInBetween("tried at both banks, decided at none:");
        Answer answer = chapter.answered("answer", alice);
        chapter.end(answer.isDone(), "both banks booked it");
    }

    private void lacksMoney() {
        Chapter<TransferTables> chapter = chapters.begin("An account that lacks the money");
        chapter.say(
                "Bob pays 100 and has 30. The try at north fails: its local transaction is rolled back with the row of"
                        + " the fence in it, so there is nothing to cancel, and south never hears of it.");
        Answer answer = transfer(chapter, Order.of("T2", "bob", "carol", 100));
        chapter.end(answer.isNotDone(), "nothing was frozen");
    }

    private void isDeclined() {
        Chapter<TransferTables> chapter = chapters.begin("A transfer that is declined at the end");
        chapter.say("Alice pays 200 for a lottery she has won. Both banks have tried with success when the fraud check"
                + " says no. Cancel: north releases the money, south withdraws the announcement.");
        Answer answer = transfer(
                chapter,
                Order.of("T3", "alice", "dave", 200).withPurpose("lottery").withCheckMillis(A_MOMENT));
        chapter.end(answer.isNotDone(), "both banks cancelled");
    }

    private void confirmFailsAtFirst() {
        Chapter<TransferTables> chapter = chapters.begin("A confirm that fails at first");
        chapter.say("We ask south to refuse its next four bookings. A confirm that fails is no reason to give up: the"
                + " transfer is decided, and settled at north already. The coordinator calls again, with growing pauses,"
                + " until south has credited the money.");
        Answer refused =
                chapter.answered("answer", chapter.post(TransferSample.SOUTH, "/ledger/closed", "{\"bookings\":4}"));
        CompletableFuture<Answer> alice = later(chapter, Order.of("T4", "alice", "dave", 50));
        chapter.awaitFailures(2);
        Answer answer = chapter.answered("answer", alice);
        chapter.end(refused.isDone() && answer.isDone(), "south was asked until it had booked");
    }

    private void payeesBankIsKilled() {
        Chapter<TransferTables> chapter = chapters.begin("The payee's bank is killed");
        chapter.say("Carol, at south, pays 40 to Bob, at north. While the fraud check runs, north, where the money is"
                + " only announced, is killed with SIGKILL. The transfer commits without it; north learns that when it is"
                + " back.");
        CompletableFuture<Answer> carol = later(
                chapter,
                Order.of("T5", "carol", "bob", 40).at(TransferSample.SOUTH).withCheckMillis(LONG));
        chapter.awaitTables(TransferTables::isTriedAtBothBanks);
        chapter.tablesInBetween("frozen at one bank, coming at the other:");
        chapter.kill(process(TransferSample.NORTH));
        Answer answer = chapter.answered("answer", carol);
        chapter.openTransactions("still open");
        chapter.restart(process(TransferSample.NORTH));
        chapter.end(answer.isDone(), "it was credited when the bank was back");
    }

    private void payersBankIsKilled() {
        Chapter<TransferTables> chapter = chapters.begin("The payer's bank is killed");
        chapter.say("The same with south, which began the global transaction and alone could decide to commit it. Now"
                + " nobody does: when its 10 seconds are over, the coordinator has both halves cancelled.");
        CompletableFuture<Answer> carol = later(
                chapter,
                Order.of("T6", "carol", "bob", 40).at(TransferSample.SOUTH).withCheckMillis(LONG));
        chapter.awaitTables(TransferTables::isTriedAtBothBanks);
        chapter.kill(process(TransferSample.SOUTH));
        Answer answer = chapter.answered("answer", carol);
        chapter.restart(process(TransferSample.SOUTH));
        chapter.tablesInBetween("south is back, and knows nothing of its own transfer:");
        chapter.openTransactions("still open");
        chapter.end(!answer.isDone() && !answer.isNotDone(), "both banks cancelled after the timeout");
    }

    private void coordinatorIsKilled() {
        Chapter<TransferTables> chapter = chapters.begin("The coordinator is killed");
        chapter.say(
                "Alice pays 60 to Carol, and 70 for another lottery. While both are checked, the coordinator is killed"
                        + " with SIGKILL and started again on its data directory. It has forgotten nothing.");
        CompletableFuture<Answer> rent =
                later(chapter, Order.of("T7", "alice", "carol", 60).withCheckMillis(VERY_LONG));
        CompletableFuture<Answer> lottery = later(
                chapter,
                Order.of("T8", "alice", "dave", 70).withPurpose("lottery").withCheckMillis(VERY_LONG));
        chapter.awaitBranches(4);
        chapter.tablesInBetween("130 of Alice's are frozen:");
        chapter.openTransactions("open now");
        JavaProcess coordinator = chapters.landscape().coordinator();
        chapter.kill(coordinator);
        chapter.restart(coordinator);
        chapter.openTransactions("still open");
        chapters.narrator().blank();
        boolean asItShould = chapter.answered("rent", rent).isDone();
        asItShould &= chapter.answered("lottery", lottery).isNotDone();
        chapter.end(asItShould, "one was booked, one cancelled, nothing lost");
    }

    private JavaProcess process(Service bank) {
        return chapters.landscape().service(bank);
    }

    private CompletableFuture<Answer> later(Chapter<TransferTables> chapter, Order order) {
        return chapter.post(order.payer(), order.path(), order.body());
    }

    private Answer transfer(Chapter<TransferTables> chapter, Order order) {
        return chapter.answered("answer", later(chapter, order));
    }
}
