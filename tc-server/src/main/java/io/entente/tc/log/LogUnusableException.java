package io.entente.tc.log;

/** The log refuses to open: in use, damaged, incomplete, or of a newer format. The message says what to do. */
public final class LogUnusableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogUnusableException(String message) {
        super(message);
    }

    public LogUnusableException(String message, Throwable cause) {
        super(message, cause);
    }
}
