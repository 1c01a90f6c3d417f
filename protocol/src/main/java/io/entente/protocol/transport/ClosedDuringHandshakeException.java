package io.entente.protocol.transport;

import java.io.IOException;

/** The other side closed the connection before the TLS handshake had come to an end, and without a word of TLS. */
final class ClosedDuringHandshakeException extends IOException {
    private static final long serialVersionUID = 1;

    ClosedDuringHandshakeException(Throwable cause) {
        super(cause.toString(), cause);
    }
}
