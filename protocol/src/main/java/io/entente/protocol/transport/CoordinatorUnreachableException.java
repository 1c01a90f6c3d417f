package io.entente.protocol.transport;

/** The coordinator gave no answer. Whether it did what was asked is known only when {@link #surelyNotSent}. */
public sealed class CoordinatorUnreachableException extends RuntimeException permits NotUnderstoodException {
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

    /** The same, of the thread that finds it out now and not only of the I/O thread. */
    CoordinatorUnreachableException here() {
        CoordinatorUnreachableException here = again(String.valueOf(getMessage()));
        here.addSuppressed(this);
        return here;
    }

    /** One of the same kind. */
    CoordinatorUnreachableException again(String message) {
        return new CoordinatorUnreachableException(message, surelyNotSent);
    }
}
