package io.entente.tc.transaction;

import io.entente.protocol.Resolution;

/**
 * What an operator has had done about a branch, and what came of it. Kept with the transaction, and when that has ended
 * as long as its outcome is.
 *
 * @param by who, as far as that was told; empty otherwise
 * @param at epoch millis
 * @param outcomeAt epoch millis; 0 while there is no outcome, or when its time is not known
 * @param note about the outcome, for people; empty when there is nothing to say
 */
public record OperatorAction(
        long branchId, Resolution resolution, String by, long at, Outcome outcome, long outcomeAt, String note) {

    /** A list of them shall fit on a page. */
    static final int MOST_CHARS_OF_NOTE = 500;

    /** What came of it. */
    public enum Outcome {
        /** It is being carried out. */
        OPEN(1),
        /** It was carried out. */
        DONE(2),
        /** The branch has stopped again. */
        STOPPED(3),
        /** Before it was carried out, something else has ended the branch. */
        OVERTAKEN(4),
        /** It was answered; what the answer was was not kept. */
        ANSWERED(5);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        /** Its number where it is stored. */
        int code() {
            return code;
        }

        static Outcome fromCode(int code) {
            for (Outcome outcome : values()) {
                if (outcome.code == code) {
                    return outcome;
                }
            }
            throw new IllegalStateException(
                    "the log holds an outcome " + code + " of an action, which this version does not know");
        }
    }

    public boolean isOpen() {
        return outcome == Outcome.OPEN;
    }

    OperatorAction ended(Outcome how, long when, String why) {
        return new OperatorAction(branchId, resolution, by, at, how, when, cut(why));
    }

    static String cut(String note) {
        return note.length() <= MOST_CHARS_OF_NOTE ? note : note.substring(0, MOST_CHARS_OF_NOTE) + "…";
    }
}
