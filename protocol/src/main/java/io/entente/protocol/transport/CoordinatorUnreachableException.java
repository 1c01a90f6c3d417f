package io.entente.protocol.transport;

/** The coordinator gave no answer. Whether it did what was asked is known only when {@link #surelyNotSent}. */
public final class CoordinatorUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean surelyNotSent;

    public CoordinatorUnreachableException(String message, boolean surelyNotSent) {
        super(message);
        this.surelyNotSent = surelyNotSent;
    }

    /** True when not a byte of the request left this process, so that the coordinator cannot have acted on it. */
    public boolean surelyNotSent() {
        return surelyNotSent;
    }
}
