package io.entente.benchmarks.workload;

/** Which items are ordered, and what becomes of the orders. */
public enum OrderCase {
    /** Any item, each as often as the others. */
    SPREAD("spread keys", OrderWorkload.ROWS, false),
    /** One of ten items. */
    TEN_HOT_ROWS("ten hot rows", 10, false),
    /** Any item, and the application throws when all three databases have done their part. */
    ALL_ROLLED_BACK("all rolled back", OrderWorkload.ROWS, true);

    private final String text;
    private final int items;
    private final boolean cancelled;

    OrderCase(String text, int items, boolean cancelled) {
        this.text = text;
        this.items = items;
        this.cancelled = cancelled;
    }

    int items() {
        return items;
    }

    /** Whether the application throws at the end. */
    public boolean cancelled() {
        return cancelled;
    }

    /** For whoever reads the figures. */
    @Override
    public String toString() {
        return text;
    }
}
