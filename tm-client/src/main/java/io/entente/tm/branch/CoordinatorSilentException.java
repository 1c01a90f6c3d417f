package io.entente.tm.branch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No answer came in time: what was asked for may or may not have been done. */
public final class CoordinatorSilentException extends BranchException {

    @Serial
    private static final long serialVersionUID = 1L;

    public CoordinatorSilentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
