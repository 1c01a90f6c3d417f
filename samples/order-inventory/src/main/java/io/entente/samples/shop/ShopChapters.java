package io.entente.samples.shop;

import io.entente.samples.story.Answer;
import io.entente.samples.story.Answer.Outcome;
import io.entente.samples.story.Chapter;
import io.entente.samples.story.Chapters;
import io.entente.samples.story.JavaProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The five chapters. */
final class ShopChapters {

    /** Long enough for the coordinator to be seen at work, short enough for a second purchase to wait for it. */
    private static final long A_MOMENT = 120;

    /** Longer than a restart of the coordinator. */
    private static final long LONG = 7_000;

    private final Chapters<ShopTables> chapters;
    private final Mode mode;

    ShopChapters(Chapters<ShopTables> chapters, Mode mode) {
        this.chapters = chapters;
        this.mode = mode;
    }

    void tell() {
        commits();
        failsInTheLastService();
        timesOut();
        twoWantTheSameRow();
        coordinatorIsKilled();
    }

    private void commits() {
        Chapter<ShopTables> chapter = chapters.begin("A purchase that commits");
        chapter.say("Alice buys 2 chairs for 80. The order service writes the order, the inventory service takes the"
                + " chairs from the stock, the account service takes the money: three databases, one transaction.");
        Answer answer = buy(chapter, Purchase.of("alice", 2, "chair", 80).withPackingMillis(A_MOMENT));
        chapter.end(answer.isDone(), "all three services kept their part");
    }

    private void failsInTheLastService() {
        Chapter<ShopTables> chapter = chapters.begin("A purchase that fails in the last service");
        chapter.say("Carol buys a lamp for 25 and has 10. When the account service finds that out, the order is written"
                + " and the lamp is gone from the stock, "
                + switch (mode) {
                    case AT -> "both committed in their databases. The coordinator has both undone.";
                    case XA -> "neither committed in its database. The coordinator has both rolled back.";
                });
        Answer answer = buy(chapter, Purchase.of("carol", 1, "lamp", 25).withPaymentMillis(A_MOMENT));
        chapter.end(answer.isNotDone(), "order and stock were put back");
    }

    private void timesOut() {
        Chapter<ShopTables> chapter = chapters.begin("A purchase that times out");
        chapter.say(
                "Bob makes an express purchase, which may take 2 seconds, and his bank takes 4. The coordinator does"
                        + " not wait: it rolls back after 2 seconds, and refuses the debit that comes too late.");
        Answer answer = buy(
                chapter,
                Purchase.of("bob", 1, "lamp", 25).withPaymentMillis(4_000).asExpress());
        chapter.end(answer.isNotDone(), "the coordinator rolled back by itself");
    }

    private void twoWantTheSameRow() {
        Chapter<ShopTables> chapter = chapters.begin("Two that want the same row");
        chapter.say("Alice and Bob buy chairs at the same moment. Both need the row 'chair' of the stock; whoever comes"
                + " second waits until the first is done, or gives up, but never sees half of the other's work.");
        List<Answer> answers = buyTogether(
                chapter,
                Purchase.of("alice", 1, "chair", 40).withPackingMillis(A_MOMENT),
                Purchase.of("bob", 3, "chair", 120).withPackingMillis(A_MOMENT));
        long bought = answers.stream().filter(Answer::isDone).count();
        boolean clear = answers.stream().noneMatch(a -> a.outcome() == Outcome.UNKNOWN);
        chapter.end(
                clear && bought >= 1,
                bought == 2 ? "one waited for the other, both bought" : "one bought, the other gave up cleanly");
    }

    private void coordinatorIsKilled() {
        Chapter<ShopTables> chapter = chapters.begin("The coordinator is killed in the middle");
        chapter.say(
                "Alice buys a chair and packing takes long; Carol tries the lamp again and her bank takes long. In"
                        + " the middle of both the coordinator is killed with SIGKILL and started again on its data directory.");
        CompletableFuture<Answer> alice =
                buyLater(chapter, Purchase.of("alice", 1, "chair", 40).withPackingMillis(LONG));
        CompletableFuture<Answer> carol =
                buyLater(chapter, Purchase.of("carol", 1, "lamp", 25).withPaymentMillis(LONG));
        chapter.awaitBranches(5);
        chapter.tablesInBetween(
                switch (mode) {
                    case AT -> "the tables already show both purchases:";
                    case XA -> "the tables show nothing yet, as XA commits at the end:";
                });
        chapter.openTransactions("open now");
        JavaProcess coordinator = chapters.landscape().coordinator();
        chapter.kill(coordinator);
        chapter.restart(coordinator);
        chapter.openTransactions("still open");
        chapters.narrator().blank();
        boolean asItShould = chapter.answered("alice", alice).isDone();
        asItShould &= chapter.answered("carol", carol).isNotDone();
        chapter.end(asItShould, "one committed, one rolled back, nothing lost");
    }

    private CompletableFuture<Answer> buyLater(Chapter<ShopTables> chapter, Purchase purchase) {
        return chapter.post(ShopSample.ORDER, purchase.path(), purchase.body());
    }

    private Answer buy(Chapter<ShopTables> chapter, Purchase purchase) {
        return chapter.answered("answer", buyLater(chapter, purchase));
    }

    private List<Answer> buyTogether(Chapter<ShopTables> chapter, Purchase first, Purchase second) {
        Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
        answers.put(first.userId(), buyLater(chapter, first));
        answers.put(second.userId(), buyLater(chapter, second));
        chapters.narrator().blank();
        return answers.entrySet().stream()
                .map(each -> chapter.answered(each.getKey(), each.getValue()))
                .toList();
    }
}
