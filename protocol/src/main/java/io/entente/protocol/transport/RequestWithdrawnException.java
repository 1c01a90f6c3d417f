package io.entente.protocol.transport;

import io.entente.protocol.MessageType;
import java.io.Serial;

/** The one who waited for an answer has ended the wait: a late answer tells whether the request took effect. */
public final class RequestWithdrawnException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    RequestWithdrawnException(MessageType request, boolean interrupted) {
        super(request + " is not waited for any longer"
                + (interrupted ? ": the thread was interrupted" : ", as somebody has asked for"));
    }
}
