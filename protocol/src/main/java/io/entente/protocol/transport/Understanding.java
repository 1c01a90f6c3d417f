package io.entente.protocol.transport;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.ProtocolVersion;
import io.entente.protocol.SeataForm;
import java.util.Map;

/**
 * What the coordinator behind a connection understands, as it has told in the answer to the registration.
 *
 * @param version its version as told
 * @param extended whether it understands {@link EntenteExtension}
 */
record Understanding(String version, boolean extended) {

    /** Of a coordinator that has not told yet. */
    static final Understanding UNKNOWN = of("");

    static Understanding of(String version) {
        return new Understanding(version, EntenteExtension.isUnderstoodIn(version));
    }

    boolean covers(Message message) {
        return extended || SeataForm.exists(message, seata());
    }

    Message.Request wording(Message.Request request) {
        return extended ? request : SeataForm.of(request, seata());
    }

    Message.Response wording(Message.Response response) {
        return extended ? response : SeataForm.of(response);
    }

    Map<String, String> heads(Map<String, String> head) {
        return extended ? head : Map.of();
    }

    private ProtocolVersion seata() {
        return ProtocolVersion.parse(version);
    }

    @Override
    public String toString() {
        return extended ? "one of Entente" : "one of Seata " + version;
    }
}
