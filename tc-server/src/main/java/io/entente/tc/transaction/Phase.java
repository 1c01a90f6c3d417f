package io.entente.tc.transaction;

import io.entente.protocol.GlobalStatus;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a global transaction stands in its life, and the table of the moves that exist. */
public enum Phase {
    ACTIVE(GlobalStatus.BEGIN),
    COMMITTING(GlobalStatus.COMMITTING),
    ROLLING_BACK(GlobalStatus.ROLLING_BACK),
    TIMEOUT_ROLLING_BACK(GlobalStatus.TIMEOUT_ROLLING_BACK),
    COMMIT_NEEDS_ATTENTION(GlobalStatus.COMMIT_FAILED),
    ROLLBACK_NEEDS_ATTENTION(GlobalStatus.ROLLBACK_FAILED),
    TIMEOUT_ROLLBACK_NEEDS_ATTENTION(GlobalStatus.TIMEOUT_ROLLBACK_FAILED),
    COMMITTED(GlobalStatus.COMMITTED),
    ROLLED_BACK(GlobalStatus.ROLLED_BACK),
    TIMEOUT_ROLLED_BACK(GlobalStatus.TIMEOUT_ROLLED_BACK);

    private static final Map<Phase, Map<Move, Phase>> TABLE = table();

    private final GlobalStatus status;

    Phase(GlobalStatus status) {
        this.status = status;
    }

    /** What may happen to a global transaction as a whole. */
    public enum Move {
        DECIDE_COMMIT,
        DECIDE_ROLLBACK,
        TIME_OUT,
        /** A branch cannot go on by itself: an operator has to look. */
        GIVE_UP,
        /** An operator has looked: phase two goes on. */
        RETRY,
        /** Phase two is done for every branch. */
        END
    }

    private static Map<Phase, Map<Move, Phase>> table() {
        Map<Phase, Map<Move, Phase>> table = new EnumMap<>(Phase.class);
        for (Phase phase : values()) {
            table.put(phase, new EnumMap<>(Move.class));
        }
        add(table, ACTIVE, Move.DECIDE_COMMIT, COMMITTING);
        add(table, ACTIVE, Move.DECIDE_ROLLBACK, ROLLING_BACK);
        add(table, ACTIVE, Move.TIME_OUT, TIMEOUT_ROLLING_BACK);

        add(table, COMMITTING, Move.END, COMMITTED);
        add(table, COMMITTING, Move.GIVE_UP, COMMIT_NEEDS_ATTENTION);
        add(table, COMMIT_NEEDS_ATTENTION, Move.RETRY, COMMITTING);

        add(table, ROLLING_BACK, Move.END, ROLLED_BACK);
        add(table, ROLLING_BACK, Move.GIVE_UP, ROLLBACK_NEEDS_ATTENTION);
        add(table, ROLLBACK_NEEDS_ATTENTION, Move.RETRY, ROLLING_BACK);

        add(table, TIMEOUT_ROLLING_BACK, Move.END, TIMEOUT_ROLLED_BACK);
        add(table, TIMEOUT_ROLLING_BACK, Move.GIVE_UP, TIMEOUT_ROLLBACK_NEEDS_ATTENTION);
        add(table, TIMEOUT_ROLLBACK_NEEDS_ATTENTION, Move.RETRY, TIMEOUT_ROLLING_BACK);
        return table;
    }

    private static void add(Map<Phase, Map<Move, Phase>> table, Phase from, Move move, Phase to) {
        table.computeIfAbsent(from, phase -> new EnumMap<>(Move.class)).put(move, to);
    }

    /** The phase that {@code move} leads to, null when there is no such move from here. */
    public @Nullable Phase after(Move move) {
        return TABLE.getOrDefault(this, Map.of()).get(move);
    }

    /** The nearest word of the wire protocol. */
    public GlobalStatus status() {
        return status;
    }

    /** True when nothing will happen any more. */
    public boolean isEnd() {
        return this == COMMITTED || this == ROLLED_BACK || this == TIMEOUT_ROLLED_BACK;
    }

    /** True once the decision is to commit, whether carried out or not. */
    public boolean isCommit() {
        return this == COMMITTING || this == COMMITTED || this == COMMIT_NEEDS_ATTENTION;
    }

    /** True while phase two is under way. */
    public boolean isPhaseTwo() {
        return this == COMMITTING || this == ROLLING_BACK || this == TIMEOUT_ROLLING_BACK;
    }

    public boolean needsAttention() {
        return this == COMMIT_NEEDS_ATTENTION
                || this == ROLLBACK_NEEDS_ATTENTION
                || this == TIMEOUT_ROLLBACK_NEEDS_ATTENTION;
    }
}
