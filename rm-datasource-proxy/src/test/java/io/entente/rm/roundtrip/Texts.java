package io.entente.rm.roundtrip;

import java.util.List;
import java.util.stream.Stream;

/** Texts that somebody might take for something else. */
final class Texts {

    private Texts() {}

    static List<Value> values() {
        return Stream.of("a", "A", "b,c;d:e_f", "ä世😀", "it's -- not /* a comment", "50% ?", "blank ", "", "null")
                .map(Texts::value)
                .toList();
    }

    /** At most eight characters. */
    static List<Value> shortValues() {
        return Stream.of("a", "ab  ", "", "ä,;:_", "B").map(Texts::value).toList();
    }

    private static Value value(String text) {
        return Value.of("'" + text.replace("'", "''") + "'", text);
    }
}
