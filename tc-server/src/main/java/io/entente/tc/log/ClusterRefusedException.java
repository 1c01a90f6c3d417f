package io.entente.tc.log;

/** A change of the members, or of who leads, that cannot be made; the message says why. Nothing was changed. */
public final class ClusterRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ClusterRefusedException(String message) {
        super(message);
    }
}
