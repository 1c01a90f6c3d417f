package io.entente.samples.story;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * One table as the narrator shows it.
 *
 * @param title its heading
 * @param width columns it takes, with the gap to the next one
 * @param lines all its rows, each as a line of text that differs from every other one
 * @param shown how many lines are shown at most: the last ones
 */
public record Pane(String title, int width, List<String> lines, int shown) {

    private static final int AMOUNT_WIDTH = 20;

    public Pane {
        lines = List.copyOf(lines);
    }

    /** A table of names and amounts. */
    public static Pane amounts(String title, SortedMap<String, Integer> amounts) {
        List<String> lines = new ArrayList<>();
        amounts.forEach((name, amount) -> lines.add(Narrator.pad(name, 9) + String.format("%5d", amount)));
        return new Pane(title, AMOUNT_WIDTH, lines, Integer.MAX_VALUE);
    }

    /** A table that grows: only its newest rows are shown. */
    public static Pane newest(int shown, String title, int width, List<String> lines) {
        return new Pane(title + " (the newest " + shown + ")", width, lines, shown);
    }

    /** The lines to show; those that {@code before} does not have get a star. */
    List<String> comparedWith(Pane before) {
        if (lines.isEmpty()) {
            return List.of("(none)");
        }
        return lines.subList(Math.max(0, lines.size() - shown), lines.size()).stream()
                .map(line -> before.lines.contains(line) ? line : line + " *")
                .toList();
    }
}
