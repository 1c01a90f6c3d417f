package io.entente.tm.spring;

/** The application cannot start because Entente is configured or used in a way that cannot work. */
public final class InvalidEntenteSetupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String action;

    InvalidEntenteSetupException(String message, String action) {
        super(message);
        this.action = action;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
