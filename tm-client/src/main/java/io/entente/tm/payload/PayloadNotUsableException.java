package io.entente.tm.payload;

import java.io.Serial;

/** A value cannot be written as JSON, or not read again as its declared type. */
public final class PayloadNotUsableException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    PayloadNotUsableException(String message, Throwable cause) {
        super(message, cause);
    }
}
