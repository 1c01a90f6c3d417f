package io.entente.tc.coordinator;

/**
 * What a coordinator takes on. Beyond it, new global transactions are refused; those under way go on, and commits, rollbacks
 * and phase two are never refused.
 *
 * @param openTransactions global transactions that have not ended
 * @param stateBytes roughly what the branches and row locks of open transactions take of the heap. At one and a half times as
 *     much, branches are refused too, so that their transactions roll back
 * @param queuedCommands requests that have come and are not decided yet, or whose answers wait for the log. At twice as many,
 *     nothing more is read from clients until it is less
 * @param waiting requests that wait for rows; who comes beyond is answered at once
 * @param waitingPerRow the same for one row
 * @param unreadBytes sent to one client and not read by it; it is disconnected when it is more
 */
public record Limits(
        int openTransactions, long stateBytes, int queuedCommands, int waiting, int waitingPerRow, long unreadBytes) {

    private static final long LEAST_STATE = 1_000_000;
    /** An answer may be as long as a frame. */
    private static final long LEAST_UNREAD = 8L * 1024 * 1024;

    public Limits {
        check(openTransactions >= 1, "open-transactions", openTransactions, "at least 1");
        check(stateBytes >= LEAST_STATE, "state-bytes", stateBytes + " bytes", "at least 1 MB");
        check(queuedCommands >= 1, "queued-commands", queuedCommands, "at least 1");
        check(waiting >= 1, "waiting", waiting, "at least 1");
        check(waitingPerRow >= 1, "waiting-per-row", waitingPerRow, "at least 1");
        check(
                unreadBytes >= LEAST_UNREAD,
                "unread-bytes",
                unreadBytes + " bytes",
                "at least 8 MB, as much as one message may have");
    }

    private static void check(boolean valid, String name, Object value, String rule) {
        if (!valid) {
            throw new IllegalArgumentException("entente.tc.limits." + name + " is '" + value + "'; expected " + rule);
        }
    }

    /** As many as a heap of this process's size bears. */
    public static Limits ofThisProcess() {
        return new Limits(500_000, halfOfTheHeap(), 100_000, 65_536, 1_000, 2 * LEAST_UNREAD);
    }

    /** Half of the most that this process may use. */
    public static long halfOfTheHeap() {
        return Math.max(LEAST_STATE, Runtime.getRuntime().maxMemory() / 2);
    }

    /** For each of {@code groups} in one process: together they may take of the heap what one alone may. */
    public Limits sharedBy(int groups) {
        return withStateBytes(Math.max(LEAST_STATE, stateBytes / groups));
    }

    public Limits withOpenTransactions(int most) {
        return new Limits(most, stateBytes, queuedCommands, waiting, waitingPerRow, unreadBytes);
    }

    public Limits withStateBytes(long most) {
        return new Limits(openTransactions, most, queuedCommands, waiting, waitingPerRow, unreadBytes);
    }

    public Limits withQueuedCommands(int most) {
        return new Limits(openTransactions, stateBytes, most, waiting, waitingPerRow, unreadBytes);
    }

    public Limits withWaitingPerRow(int most) {
        return new Limits(openTransactions, stateBytes, queuedCommands, waiting, most, unreadBytes);
    }

    public Limits withUnreadBytes(long most) {
        return new Limits(openTransactions, stateBytes, queuedCommands, waiting, waitingPerRow, most);
    }
}
