package io.entente.rm.roundtrip;

import java.util.ArrayList;
import java.util.List;

/** A statement that is being written. */
final class Phrase {

    private final Dice dice;
    private final boolean prepared;
    private final StringBuilder sql = new StringBuilder();
    private final List<Value> parameters = new ArrayList<>();

    /** @param prepared whether values may become parameters */
    Phrase(Dice dice, boolean prepared) {
        this.dice = dice;
        this.prepared = prepared;
    }

    Phrase text(String text) {
        sql.append(text);
        return this;
    }

    /** The value, as a literal or as a parameter. */
    Phrase value(Value value) {
        if (prepared && value.parameter() != null && dice.chance(60)) {
            return parameter(value);
        }
        return text(value.literal());
    }

    Phrase parameter(Value value) {
        parameters.add(value);
        return text("?");
    }

    boolean isPrepared() {
        return prepared;
    }

    String sql() {
        return sql.toString();
    }

    List<Value> parameters() {
        return parameters;
    }
}
