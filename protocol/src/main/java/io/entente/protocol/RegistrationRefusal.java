package io.entente.protocol;

/**
 * Why a client may not register. The wire has no place for a reason; it travels in that of the server's version, which
 * Seata's clients show in their error message.
 */
public final class RegistrationRefusal {
    private static final String MARK = " refused: ";
    private static final int MOST_CHARACTERS = 500;

    private RegistrationRefusal() {}

    /** What to answer as version, with {@code identified} false. */
    public static String version(String reason) {
        return EntenteExtension.PROTOCOL_VERSION + MARK + reason;
    }

    /** The reason in a {@code version} that came with {@code identified} false; a general one when it says none. */
    public static String reason(String version) {
        int mark = version.indexOf(MARK);
        if (mark < 0) {
            return "the coordinator refused the registration";
        }
        String reason = version.substring(mark + MARK.length());
        // Whoever answers may be anybody: nothing that breaks the lines of a log.
        return reason.substring(0, Math.min(reason.length(), MOST_CHARACTERS)).replaceAll("\\p{Cntrl}", " ");
    }
}
