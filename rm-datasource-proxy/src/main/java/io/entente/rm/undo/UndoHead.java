package io.entente.rm.undo;

import io.entente.rm.dialect.ValueKind;
import java.util.List;

/**
 * The begin of an encoded change.
 *
 * @param text a JSON object with everything but the rows, and without its closing brace
 * @param kinds how the values of each column are written
 */
record UndoHead(String text, List<ValueKind> kinds) {

    UndoHead {
        kinds = List.copyOf(kinds);
    }
}
