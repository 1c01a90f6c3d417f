package io.entente.tc.transaction;

import io.entente.protocol.Message;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a command.
 *
 * @param facts to be applied, and made durable before anybody hears of them
 * @param answer for whoever gave the command; null when the answer has to wait for phase two, or nobody waits for one
 * @param contended the row that others have, when that is why something is refused
 * @param waitFor when whoever gave the command may also wait for rows instead of taking the answer; null when not
 */
public record Decision(
        List<Fact> facts,
        Message.@Nullable Response answer,
        @Nullable Wait waitFor,
        @Nullable RowKey contended) {

    /** Nothing follows. */
    public static final Decision NOTHING = new Decision(List.of(), null);

    /**
     * Rows that others have.
     *
     * @param transactionId on whose behalf they are wanted; −1 for a reader outside of global transactions
     * @param claims rows that are wanted
     * @param holders who has to be decided, whoever has the rows then, each with one of its rows
     */
    public record Wait(long transactionId, List<RowClaim> claims, Map<Long, RowKey> holders) {

        public Wait {
            holders = Map.copyOf(holders);
        }

        static Wait forRows(long transactionId, List<RowClaim> claims) {
            return new Wait(transactionId, claims, Map.of());
        }

        static Wait forHolders(long transactionId, Map<Long, RowKey> holders) {
            return new Wait(transactionId, List.of(), holders);
        }
    }

    /** Nothing follows but an answer. */
    public static Decision only(Message.Response answer) {
        return new Decision(List.of(), answer);
    }

    Decision(List<Fact> facts, Message.@Nullable Response answer) {
        this(facts, answer, null, null);
    }

    /** Nothing but an answer follows, or these facts before it. */
    public static Decision answer(Message.Response answer, Fact... facts) {
        return new Decision(List.of(facts), answer);
    }

    static Decision silent(Fact... facts) {
        return new Decision(List.of(facts), null);
    }

    /** Rows are taken: {@code refusal} is for those who do not wait for them. */
    static Decision blocked(Message.Response refusal, @Nullable Wait waitFor, @Nullable RowKey row) {
        return new Decision(List.of(), refusal, waitFor, row);
    }
}
