package io.entente.tc.security;

/** A port would be open to other hosts without protection, and nobody has said that this is wanted. */
public final class InsecureListenerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    InsecureListenerException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** What to set, in several lines. */
    public String remedy() {
        return remedy;
    }
}
