package io.entente.samples.story;

import io.entente.samples.story.CoordinatorApi.OpenBranch;
import io.entente.samples.story.CoordinatorApi.OpenTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A chapter while it is told. Made by {@link Chapters#begin}. */
public final class Chapter<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Chapters<T> chapters;
    private final int number;
    private final String title;
    private final Landscape landscape;
    private final Narrator narrator;
    private final CoordinatorApi coordinator;
    private final List<Pane> before;
    private final CoordinatorWatch watch;

    Chapter(Chapters<T> chapters, int number, String title) {
        this.chapters = chapters;
        this.number = number;
        this.title = title;
        this.landscape = chapters.landscape();
        this.narrator = chapters.narrator();
        this.coordinator = landscape.coordinatorApi();
        this.before = chapters.panes();
        this.watch = CoordinatorWatch.start(coordinator);
        narrator.chapter(number, title);
    }

    /** What this chapter is about, as a paragraph. */
    public void say(String text) {
        narrator.say(text);
    }

    /** Sends a request, and shows it. */
    public CompletableFuture<Answer> post(Service service, String path, String body) {
        Caller caller = landscape.caller(service);
        narrator.blank();
        narrator.line("request", "POST " + caller.url() + path);
        narrator.longLine("", body);
        return caller.post(path, body);
    }

    /** Waits for the answer, and shows it. */
    public Answer answered(String label, CompletableFuture<Answer> future) {
        Answer answer = future.join();
        narrator.longLine(label, answer.text());
        return answer;
    }

    /**
     * Waits until the open transactions have so many branches together.
     *
     * @throws StoryException when that takes too long
     */
    public void awaitBranches(int branches) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (watch.seen().stream().mapToInt(OpenTransaction::branches).sum() < branches) {
            if (System.nanoTime() > deadline) {
                throw new StoryException("The coordinator has not seen " + branches + " branches within "
                        + PATIENCE.toSeconds() + " s, but " + watch.seen());
            }
            Pause.millis(20);
        }
    }

    /**
     * Waits until the first global transaction of this chapter has begun.
     *
     * @return its XID
     * @throws StoryException when that takes too long
     */
    public String awaitXid() {
        awaitBranches(1);
        return watch.seen().iterator().next().xid();
    }

    /**
     * Waits until the tables are so, and a moment more, so that whoever made them so has its answer.
     *
     * @throws StoryException when that takes too long
     */
    public void awaitTables(Predicate<T> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(chapters.tables())) {
            if (System.nanoTime() > deadline) {
                throw new StoryException("The tables did not become what this chapter waits for within "
                        + PATIENCE.toSeconds() + " s, but " + chapters.tables());
            }
            Pause.millis(20);
        }
        Pause.millis(200);
    }

    /** The tables in the middle of the chapter, compared with its beginning. */
    public void tablesInBetween(String text) {
        narrator.blank();
        narrator.line("in between", text);
        narrator.tables("", chapters.panes(), before);
        narrator.blank();
    }

    /** What the coordinator has not ended. */
    public void openTransactions(String label) {
        List<String> lines;
        try {
            lines = coordinator.transactions().stream().map(Chapter::describe).toList();
        } catch (IOException e) {
            lines = List.of("the coordinator does not answer: " + e.getMessage());
        }
        narrator.lines(label, lines);
    }

    private static String describe(OpenTransaction transaction) {
        return Narrator.pad(transaction.xid(), 35)
                + Narrator.pad(transaction.name() + ", " + transaction.phase(), 18)
                + branches(transaction)
                + (transaction.locks() == 0 ? "" : ", " + transaction.locks() + " row locks");
    }

    /**
     * Waits until phase two of some branch has failed so many times, and shows what the coordinator says about it.
     *
     * @throws StoryException when that takes too long
     */
    public void awaitFailures(int failures) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (OpenBranch branch : openBranches()) {
                if (branch.failures() >= failures) {
                    narrator.longLine(
                            "tried " + branch.failures() + "x", branch.resource() + ": " + branch.lastFailure());
                    return;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new StoryException("Phase two of no branch has failed " + failures + " times within "
                        + PATIENCE.toSeconds() + " s");
            }
            Pause.millis(20);
        }
    }

    private List<OpenBranch> openBranches() {
        List<OpenBranch> branches = new ArrayList<>();
        try {
            for (OpenTransaction transaction : coordinator.transactions()) {
                branches.addAll(coordinator.branches(transaction.xid()));
            }
        } catch (IOException e) {
            // It is down at times; that is what the story is about.
        }
        return branches;
    }

    /** As {@code kill -9}. */
    public void kill(JavaProcess process) {
        narrator.line("kill -9", process.name() + ", pid " + process.pid());
        process.kill();
    }

    /** Starts a killed process again; returns when it is ready. */
    public void restart(JavaProcess process) {
        process.start();
        process.awaitReady();
        narrator.line("restarted", process.name() + ", pid " + process.pid() + ", on the same data");
    }

    /**
     * Waits until everything has settled, shows what came of the chapter and checks the invariants.
     *
     * @param asItShould whether the answers are those that this chapter has to end with
     * @param what what came of it then, for the summary
     */
    public void end(boolean asItShould, String what) {
        List<Finding> findings = chapters.check();
        watch.close();
        narrator.blank();
        narrator.lines("coordinator", watch.seen().stream().map(this::ended).toList());
        narrator.tables(before, chapters.panes());
        boolean holds = narrator.findings(findings);
        if (!asItShould) {
            narrator.line("", "[BROKEN] the answers are not those this chapter has to end with");
        }
        chapters.ended(
                holds && asItShould,
                number + ". " + title + ": " + (asItShould ? what : "it did not end as it has to"));
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
                + Narrator.pad(branches(transaction), 12)
                + outcome;
    }

    private static String branches(OpenTransaction transaction) {
        return transaction.branches() + (transaction.branches() == 1 ? " branch" : " branches");
    }
}
