package io.entente.samples.story;

import io.entente.samples.story.CoordinatorApi.OpenTransaction;
import io.entente.samples.story.Shop.Answer;
import io.entente.samples.story.Shop.Outcome;
import io.entente.samples.story.Shop.Purchase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The five chapters. Each does something, shows what came of it and checks the invariants. */
final class Chapters {

    /** Long enough for the coordinator to be seen at work, short enough for a second purchase to wait for it. */
    private static final long A_MOMENT = 120;

    /** Longer than a restart of the coordinator. */
    private static final long LONG = 7_000;

    private final Landscape landscape;
    private final Narrator narrator;
    private final Shop shop;
    private final CoordinatorApi coordinator;
    private final Invariants invariants;
    private final List<String> summary = new ArrayList<>();
    private boolean allWell = true;

    Chapters(Landscape landscape, Narrator narrator) {
        this.landscape = landscape;
        this.narrator = narrator;
        this.shop = landscape.shop();
        this.coordinator = landscape.coordinatorApi();
        this.invariants = new Invariants(landscape.tables(), landscape);
    }

    /** Tells all of it; returns whether every invariant held and every purchase ended as it has to. */
    boolean tell() {
        commits();
        failsInTheLastService();
        timesOut();
        twoWantTheSameRow();
        coordinatorIsKilled();
        return allWell;
    }

    /** A line for each chapter. */
    List<String> summary() {
        return List.copyOf(summary);
    }

    private void commits() {
        Chapter chapter = new Chapter(1, "A purchase that commits");
        narrator.say("Alice buys 2 chairs for 80. The order service writes the order, the inventory service takes the"
                + " chairs from the stock, the account service takes the money: three databases, one transaction.");
        Answer answer = chapter.buy(Purchase.of("alice", 2, "chair", 80).withPackingMillis(A_MOMENT));
        chapter.end(answer.outcome() == Outcome.BOUGHT, "all three services kept their part");
    }

    private void failsInTheLastService() {
        Chapter chapter = new Chapter(2, "A purchase that fails in the last service");
        narrator.say(
                "Carol buys a lamp for 25 and has 10. When the account service finds that out, the order is written"
                        + " and the lamp is gone from the stock, both committed in their databases. The coordinator has both"
                        + " undone.");
        Answer answer = chapter.buy(Purchase.of("carol", 1, "lamp", 25).withPaymentMillis(A_MOMENT));
        chapter.end(answer.outcome() == Outcome.NOT_BOUGHT, "order and stock were put back");
    }

    private void timesOut() {
        Chapter chapter = new Chapter(3, "A purchase that times out");
        narrator.say(
                "Bob makes an express purchase, which may take 2 seconds, and his bank takes 4. The coordinator does"
                        + " not wait: it rolls back after 2 seconds, and refuses the debit that comes too late.");
        Answer answer = chapter.buy(
                Purchase.of("bob", 1, "lamp", 25).withPaymentMillis(4_000).asExpress());
        chapter.end(answer.outcome() == Outcome.NOT_BOUGHT, "the coordinator rolled back by itself");
    }

    private void twoWantTheSameRow() {
        Chapter chapter = new Chapter(4, "Two that want the same row");
        narrator.say(
                "Alice and Bob buy chairs at the same moment. Both need the row 'chair' of the stock; whoever comes"
                        + " second waits until the first is done, or gives up, but never sees half of the other's work.");
        List<Answer> answers = chapter.buyTogether(
                Purchase.of("alice", 1, "chair", 40).withPackingMillis(A_MOMENT),
                Purchase.of("bob", 3, "chair", 120).withPackingMillis(A_MOMENT));
        long bought =
                answers.stream().filter(a -> a.outcome() == Outcome.BOUGHT).count();
        boolean clear = answers.stream().noneMatch(a -> a.outcome() == Outcome.UNKNOWN);
        chapter.end(
                clear && bought >= 1,
                bought == 2 ? "one waited for the other, both bought" : "one bought, the other gave up cleanly");
    }

    private void coordinatorIsKilled() {
        Chapter chapter = new Chapter(5, "The coordinator is killed in the middle");
        narrator.say(
                "Alice buys a chair and packing takes long; Carol tries the lamp again and her bank takes long. In"
                        + " the middle of both the coordinator is killed with SIGKILL and started again on its data directory.");
        Tables before = landscape.tables();
        CompletableFuture<Answer> alice =
                chapter.buyLater(Purchase.of("alice", 1, "chair", 40).withPackingMillis(LONG));
        CompletableFuture<Answer> carol =
                chapter.buyLater(Purchase.of("carol", 1, "lamp", 25).withPaymentMillis(LONG));
        chapter.awaitBranches(5);
        narrator.blank();
        narrator.line("in between", "the tables already show both purchases:");
        narrator.tables("", landscape.tables(), before);
        narrator.blank();
        chapter.say("open now", openTransactions());
        narrator.line("kill -9", "coordinator, pid " + landscape.coordinator().pid());
        landscape.coordinator().kill();
        landscape.coordinator().start();
        landscape.coordinator().awaitReady();
        narrator.line("restarted", "coordinator, pid " + landscape.coordinator().pid() + ", on the same data");
        chapter.say("still open", openTransactions());
        narrator.blank();
        boolean asItShould = chapter.answered("alice", alice).outcome() == Outcome.BOUGHT;
        asItShould &= chapter.answered("carol", carol).outcome() == Outcome.NOT_BOUGHT;
        chapter.end(asItShould, "one committed, one rolled back, nothing lost");
    }

    private List<String> openTransactions() {
        try {
            return coordinator.transactions().stream().map(Chapters::describe).toList();
        } catch (IOException e) {
            return List.of("the coordinator does not answer: " + e.getMessage());
        }
    }

    private static String describe(OpenTransaction transaction) {
        return Narrator.pad(transaction.xid(), 35)
                + Narrator.pad(transaction.name() + ", " + transaction.phase(), 18)
                + transaction.branches() + " branches, " + transaction.locks() + " row locks";
    }

    /** What is common to all chapters. */
    private final class Chapter {
        private final int number;
        private final String title;
        private final Tables before = landscape.tables();
        private final CoordinatorWatch watch = CoordinatorWatch.start(coordinator);

        Chapter(int number, String title) {
            this.number = number;
            this.title = title;
            narrator.chapter(number, title);
        }

        CompletableFuture<Answer> buyLater(Purchase purchase) {
            narrator.blank();
            narrator.line("request", "POST " + shop.url() + purchase.path());
            narrator.line("", purchase.body());
            return shop.buyLater(purchase);
        }

        Answer buy(Purchase purchase) {
            return answered("answer", buyLater(purchase));
        }

        List<Answer> buyTogether(Purchase first, Purchase second) {
            Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
            answers.put(first.userId(), buyLater(first));
            answers.put(second.userId(), buyLater(second));
            narrator.blank();
            return answers.entrySet().stream()
                    .map(each -> answered(each.getKey(), each.getValue()))
                    .toList();
        }

        Answer answered(String label, CompletableFuture<Answer> future) {
            Answer answer = future.join();
            narrator.longLine(label, answer.text());
            return answer;
        }

        /** Waits until the open transactions have so many branches together. */
        void awaitBranches(int branches) {
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (watch.seen().stream().mapToInt(OpenTransaction::branches).sum() < branches) {
                if (System.nanoTime() > deadline) {
                    throw new StoryException(
                            "The coordinator has not seen " + branches + " branches within 20 s, but " + watch.seen());
                }
                Pause.millis(20);
            }
        }

        void say(String label, List<String> lines) {
            for (int i = 0; i < lines.size(); i++) {
                narrator.line(i == 0 ? label : "", lines.get(i));
            }
        }

        void end(boolean asItShould, String what) {
            List<Invariants.Finding> findings = invariants.check();
            watch.close();
            narrator.blank();
            say("coordinator", watch.seen().stream().map(this::ended).toList());
            narrator.tables(before, landscape.tables());
            boolean holds = narrator.findings(findings);
            if (!asItShould) {
                narrator.line("", "[BROKEN] the answers are not those this chapter has to end with");
            }
            allWell &= holds && asItShould;
            summary.add((holds && asItShould ? "[ok]     " : "[BROKEN] ") + number + ". " + title + ": "
                    + (asItShould ? what : "it did not end as it has to"));
        }

        private String ended(OpenTransaction transaction) {
            String outcome;
            try {
                outcome = coordinator.outcome(transaction.xid()).orElse("ended");
            } catch (IOException e) {
                outcome = "the coordinator does not answer";
            }
            return Narrator.pad(transaction.xid(), 35)
                    + Narrator.pad(transaction.name(), 17)
                    + Narrator.pad(transaction.branches() + " branches", 12)
                    + outcome;
        }
    }
}
