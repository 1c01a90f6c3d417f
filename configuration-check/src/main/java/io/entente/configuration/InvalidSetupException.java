package io.entente.configuration;

/** The process cannot start because Entente is configured or used in a way that cannot work. */
public final class InvalidSetupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String action;

    /**
     * @param message what is wrong: the key, its value, the rule
     * @param action what to do about it
     */
    public InvalidSetupException(String message, String action) {
        super(message);
        this.action = action;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
