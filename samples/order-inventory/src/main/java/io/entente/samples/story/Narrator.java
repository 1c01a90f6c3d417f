package io.entente.samples.story;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Prints the story, in plain characters and no wider than 100 columns. */
final class Narrator {

    private static final int WIDTH = 100;
    private static final int LABEL = 12;
    private static final int PANE = 20;
    private static final int NEWEST_ORDERS = 4;

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
    void say(String text) {
        blank();
        broken(text, WIDTH - 2).forEach(line -> plain("  " + line));
    }

    /** A line with a name in front. */
    void line(String label, String text) {
        plain("  " + pad(label, LABEL) + text);
    }

    /** A line with a name in front that may be too long for one. */
    void longLine(String label, String text) {
        List<String> lines = broken(text, WIDTH - 2 - LABEL);
        for (int i = 0; i < lines.size(); i++) {
            line(i == 0 ? label : "", lines.get(i));
        }
    }

    /** Lines no longer than {@code width}, broken at blanks where there are any. */
    private static List<String> broken(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width);
            int end = blank > 0 ? blank : width;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        lines.add(rest);
        return lines;
    }

    void blank() {
        out.println();
    }

    void plain(String text) {
        out.println(text);
    }

    /** The three tables side by side. */
    void tables(Tables before, Tables after) {
        blank();
        line("", pad("account", PANE) + pad("stock", PANE) + "orders (the newest " + NEWEST_ORDERS + ")");
        tables("before", before, before);
        tables("after", after, before);
    }

    /** What differs from {@code reference} gets a star. */
    void tables(String label, Tables tables, Tables reference) {
        List<String> accounts = amounts(tables.balances(), reference.balances());
        List<String> stock = amounts(tables.stock(), reference.stock());
        List<String> orders = orders(tables.orders(), reference.orders());
        int height = Math.max(accounts.size(), Math.max(stock.size(), orders.size()));
        for (int i = 0; i < height; i++) {
            line(
                    i == 0 ? label : "",
                    (pad(at(accounts, i), PANE) + pad(at(stock, i), PANE) + at(orders, i)).stripTrailing());
        }
    }

    private static List<String> amounts(SortedMap<String, Integer> amounts, SortedMap<String, Integer> reference) {
        List<String> lines = new ArrayList<>();
        amounts.forEach((name, amount) -> lines.add(
                pad(name, 9) + String.format("%5d", amount) + star(Objects.equals(amount, reference.get(name)))));
        return lines;
    }

    private static List<String> orders(List<Tables.OrderRow> orders, List<Tables.OrderRow> reference) {
        if (orders.isEmpty()) {
            return List.of("(none)");
        }
        List<String> lines = new ArrayList<>();
        for (Tables.OrderRow order : orders.subList(Math.max(0, orders.size() - NEWEST_ORDERS), orders.size())) {
            lines.add(String.format(
                    "%4d  %-6s %2d x %-6s for %3d  %s%s",
                    order.id(),
                    order.userId(),
                    order.count(),
                    order.commodity(),
                    order.amount(),
                    order.status(),
                    star(reference.contains(order))));
        }
        return lines;
    }

    private static String star(boolean same) {
        return same ? "" : " *";
    }

    private static String at(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "";
    }

    /** The checks of one chapter; returns whether all hold. */
    boolean findings(List<Invariants.Finding> findings) {
        blank();
        for (int i = 0; i < findings.size(); i++) {
            Invariants.Finding finding = findings.get(i);
            String verdict = finding.holds() ? "[ok]     " : "[BROKEN] ";
            line(i == 0 ? "check" : "", verdict + finding.rule() + ": " + finding.found());
        }
        return findings.stream().allMatch(Invariants.Finding::holds);
    }

    static String pad(@Nullable String text, int width) {
        String given = text == null ? "" : text;
        return given.length() >= width ? given + " " : given + " ".repeat(width - given.length());
    }
}
