package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Refused;
import java.io.Serial;

/** Leaves the recognition of a statement as soon as a reason to refuse it is found. */
final class RefusalException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Refused refused;

    RefusalException(String reason, String remedy) {
        super(reason, null, false, false);
        this.refused = new Refused(reason, remedy);
    }

    Refused refused() {
        return refused;
    }
}
