package io.entente.simulation.application;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a global transaction's work, done in one branch.
 *
 * @param number in the transaction
 * @param database which one
 * @param changes in order
 */
record Step(int number, Mode mode, int database, List<Change> changes) {

    /** In which mode. */
    enum Mode {
        AT,
        XA,
        TCC,
        SAGA
    }

    /**
     * Brings or takes money.
     *
     * @param exclusive as a new value, and not as an increment
     * @param guarded not when there is too little
     */
    record Change(String account, long delta, boolean exclusive, boolean guarded) {}

    /** The name of one of its changes, which nothing else has. */
    String part(String xid, int change) {
        return xid + "/" + number + "." + change;
    }

    /** The accounts, each once, in order. */
    List<String> accounts() {
        return changes.stream().map(Change::account).distinct().sorted().toList();
    }

    String resource() {
        return switch (mode) {
            case AT -> "at:db" + database;
            case XA -> "xa:db" + database;
            case TCC -> "tcc:db" + database;
            case SAGA -> "saga:db" + database + ":" + number;
        };
    }

    /** As it stands with the coordinator. */
    String written() {
        StringBuilder text = new StringBuilder()
                .append(number)
                .append(';')
                .append(mode)
                .append(';')
                .append(database);
        for (Change change : changes) {
            text.append(';')
                    .append(change.account)
                    .append(',')
                    .append(change.delta)
                    .append(',')
                    .append(change.exclusive ? 'x' : 'i')
                    .append(',')
                    .append(change.guarded ? 'g' : 'u');
        }
        return text.toString();
    }

    static Step read(String written) {
        String[] texts = written.split(";", -1);
        List<Change> changes = new ArrayList<>();
        for (int i = 3; i < texts.length; i++) {
            String[] change = texts[i].split(",", -1);
            changes.add(new Change(change[0], Long.parseLong(change[1]), change[2].equals("x"), change[3].equals("g")));
        }
        return new Step(Integer.parseInt(texts[0]), Mode.valueOf(texts[1]), Integer.parseInt(texts[2]), changes);
    }
}
