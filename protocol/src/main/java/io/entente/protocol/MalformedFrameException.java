package io.entente.protocol;

/** Bytes from the network that break the protocol; the message says what was found and what was expected. */
public final class MalformedFrameException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedFrameException(String message) {
        super(message);
    }
}
