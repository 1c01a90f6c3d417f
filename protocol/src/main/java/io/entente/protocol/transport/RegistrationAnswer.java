package io.entente.protocol.transport;

import io.entente.protocol.Message;
import org.jspecify.annotations.Nullable;

/** What coordinators answer to registrations, of either role. */
final class RegistrationAnswer {
    private RegistrationAnswer() {}

    static boolean isAccepted(Message.@Nullable Response answer) {
        return (answer instanceof Message.RegisterTmResponse tm && tm.identified())
                || (answer instanceof Message.RegisterRmResponse rm && rm.identified());
    }

    static String versionOf(Message.@Nullable Response answer) {
        if (answer instanceof Message.RegisterTmResponse tm) {
            return tm.version();
        }
        return answer instanceof Message.RegisterRmResponse rm ? rm.version() : "";
    }
}
