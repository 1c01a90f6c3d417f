package io.entente.protocol;

/** The token of a client, as a line of its own in the {@code extraData} of its registration. */
public final class RegistrationToken {
    private static final String KEY = "token=";

    private RegistrationToken() {}

    /** {@code registration} with the line added; any other message as it is. */
    public static Message.Request added(Message.Request registration, String token) {
        String line = KEY + token + "\n";
        if (registration instanceof Message.RegisterTmRequest tm) {
            return new Message.RegisterTmRequest(
                    tm.version(), tm.applicationId(), tm.transactionServiceGroup(), tm.extraData() + line);
        }
        if (registration instanceof Message.RegisterRmRequest rm) {
            return new Message.RegisterRmRequest(
                    rm.version(),
                    rm.applicationId(),
                    rm.transactionServiceGroup(),
                    rm.extraData() + line,
                    rm.resourceIds());
        }
        return registration;
    }

    /** The token in {@code extraData}; empty when there is none. */
    public static String in(String extraData) {
        return extraData
                .lines()
                .filter(line -> line.startsWith(KEY))
                .map(line -> line.substring(KEY.length()))
                .findFirst()
                .orElse("");
    }
}
