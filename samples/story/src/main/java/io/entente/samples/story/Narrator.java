package io.entente.samples.story;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints the story, in plain characters and no wider than 100 columns. */
public final class Narrator {

    private static final int WIDTH = 100;
    private static final int LABEL = 12;

    private final PrintStream out;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void banner(String title) {
        out.println("=".repeat(WIDTH));
        out.println("  " + title);
        out.println("=".repeat(WIDTH));
    }

    void chapter(int number, String title) {
        String start = "--- " + number + ". " + title + " ";
        out.println();
        out.println(start + "-".repeat(Math.max(3, WIDTH - start.length())));
    }

    /** A paragraph. */
    public void say(String text) {
        blank();
        broken(text, WIDTH - 2).forEach(line -> plain("  " + line));
    }

    /** A line with a name in front. */
    public void line(String label, String text) {
        plain("  " + pad(label, LABEL) + text);
    }

    /** A line with a name in front that may be too long for one. */
    public void longLine(String label, String text) {
        List<String> lines = broken(text, WIDTH - 2 - LABEL);
        for (int i = 0; i < lines.size(); i++) {
            line(i == 0 ? label : "", lines.get(i));
        }
    }

    /** Lines no longer than {@code width}, broken at blanks or else behind commas, where there are any. */
    private static List<String> broken(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width);
            int comma = rest.lastIndexOf(',', width - 1) + 1;
            int end = blank > 0 ? blank : comma > 0 ? comma : width;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        lines.add(rest);
        return lines;
    }

    public void blank() {
        out.println();
    }

    public void plain(String text) {
        out.println(text);
    }

    /** Several lines under one name. */
    public void lines(String label, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            line(i == 0 ? label : "", texts.get(i));
        }
    }

    /** The tables side by side, as they were and as they are. */
    void tables(List<Pane> before, List<Pane> after) {
        blank();
        StringBuilder titles = new StringBuilder();
        after.forEach(pane -> titles.append(pad(pane.title(), pane.width())));
        line("", titles.toString().stripTrailing());
        tables("before", before, before);
        tables("after", after, before);
    }

    /** The tables side by side; what differs from {@code reference} gets a star. */
    void tables(String label, List<Pane> panes, List<Pane> reference) {
        List<List<String>> columns = new ArrayList<>();
        for (int i = 0; i < panes.size(); i++) {
            columns.add(panes.get(i).comparedWith(reference.get(i)));
        }
        int height = columns.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < height; i++) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < columns.size(); column++) {
                text.append(pad(at(columns.get(column), i), panes.get(column).width()));
            }
            line(i == 0 ? label : "", text.toString().stripTrailing());
        }
    }

    private static String at(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "";
    }

    /** The checks of one chapter; returns whether all hold. */
    boolean findings(List<Finding> findings) {
        blank();
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            String verdict = finding.holds() ? "[ok]     " : "[BROKEN] ";
            line(i == 0 ? "check" : "", verdict + finding.rule() + ": " + finding.found());
        }
        return findings.stream().allMatch(Finding::holds);
    }

    public static String pad(@Nullable String text, int width) {
        String given = text == null ? "" : text;
        return given.length() >= width ? given + " " : given + " ".repeat(width - given.length());
    }
}
