package io.entente.samples.story;

import java.util.ArrayList;
import java.util.List;

/** The chapters of a story, told one after the other. Each does something, shows what came of it and is checked. */
public final class Chapters<T> {

    private final Sample<T> sample;
    private final Landscape landscape;
    private final Narrator narrator;
    private final Invariants<T> invariants;
    private final List<String> summary = new ArrayList<>();
    private int begun;
    private boolean allWell = true;

    Chapters(Sample<T> sample, Landscape landscape, Narrator narrator) {
        this.sample = sample;
        this.landscape = landscape;
        this.narrator = narrator;
        this.invariants = new Invariants<>(sample, landscape);
    }

    /** Begins the next chapter, which has to be ended before the one after it begins. */
    public Chapter<T> begin(String title) {
        begun++;
        return new Chapter<>(this, begun, title);
    }

    public Landscape landscape() {
        return landscape;
    }

    public Narrator narrator() {
        return narrator;
    }

    T tables() {
        return sample.read(landscape.databases());
    }

    List<Pane> panes() {
        return sample.panes(tables());
    }

    List<Finding> check() {
        return invariants.check();
    }

    void ended(boolean well, String line) {
        allWell &= well;
        summary.add((well ? "[ok]     " : "[BROKEN] ") + line);
    }

    /** Whether every invariant held and every chapter ended as it has to; there has to be one. */
    boolean allWell() {
        return allWell && begun > 0 && begun == summary.size();
    }

    /** A line for each chapter. */
    List<String> summary() {
        return List.copyOf(summary);
    }
}
