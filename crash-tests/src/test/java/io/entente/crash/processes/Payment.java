package io.entente.crash.processes;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * One payment from an account at one service to an account at another, as one global transaction.
 *
 * @param id of the client that asks for it, and its number there
 * @param payer what is taken away, at the service that owns the transaction
 * @param payee what is added
 * @param ending what the business says when the money has moved
 */
record Payment(String id, Leg payer, Leg payee, Ending ending) {

    enum Ending {
        ACCEPT,
        /** Throws. */
        DECLINE,
        /** Does not come to its end in time. */
        LINGER
    }

    /** How one account is changed. */
    enum Mode {
        /** {@code balance = balance + n}, which others may do to the row at the same time. */
        AT_ADDING,
        /** The balance is read for update and written as a number, which goes wrong when a row lock is lost. */
        AT_WRITING,
        TCC;

        /** AT and TCC do not share rows: what writes outside of row locks would stop an undo. */
        String account(int number) {
            return (this == TCC ? "tcc" : "at") + number;
        }
    }

    /** @param amount negative at the payer */
    record Leg(String service, Mode mode, String account, int amount) {

        static Leg parse(String text) {
            String[] parts = text.split(" ", -1);
            return new Leg(parts[0], Mode.valueOf(parts[1]), parts[2], Integer.parseInt(parts[3]));
        }

        @Override
        public String toString() {
            return service + " " + mode + " " + account + " " + amount;
        }
    }

    static final int ACCOUNTS = 6;

    /** Long enough for a change of the lead. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);

    static Payment draw(String id, List<String> services, Random chance) {
        int amount = 1 + chance.nextInt(9);
        int from = chance.nextInt(services.size());
        int to = (from + 1 + chance.nextInt(services.size() - 1)) % services.size();
        int ending = chance.nextInt(20);
        return new Payment(
                id,
                leg(services.get(from), -amount, chance),
                leg(services.get(to), amount, chance),
                ending < 16 ? Ending.ACCEPT : ending < 19 ? Ending.DECLINE : Ending.LINGER);
    }

    private static Leg leg(String service, int amount, Random chance) {
        Mode mode = Mode.values()[chance.nextInt(Mode.values().length)];
        return new Leg(service, mode, mode.account(chance.nextInt(ACCOUNTS)), amount);
    }

    Duration timeout() {
        return ending == Ending.LINGER ? SHORT_TIMEOUT : TIMEOUT;
    }

    static Payment parse(String text) {
        String[] parts = text.split(";", -1);
        return new Payment(parts[0], Leg.parse(parts[1]), Leg.parse(parts[2]), Ending.valueOf(parts[3]));
    }

    /** Can be {@link #parse parsed}. */
    @Override
    public String toString() {
        return id + ";" + payer + ";" + payee + ";" + ending;
    }
}
