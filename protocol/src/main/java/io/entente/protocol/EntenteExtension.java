package io.entente.protocol;

/**
 * What a client and a coordinator of ours say to each other beyond Seata's protocol.
 *
 * <p>A client announces with a line in the {@code extraData} of its registration that it understands the extension; a
 * coordinator that does too answers with a version that says so. Only then may either send a message whose type
 * {@linkplain MessageType#isExtension() belongs to it}. Seata's peers ignore unknown lines, never announce anything, and
 * are answered with the plain version.
 *
 * <p>More travels inside messages of Seata's, where its peers do not notice it or are not sent it: the rows that stopped a
 * rollback ({@link ConflictText}), what to do about them ({@link Resolution}), how long to wait for rows
 * ({@link RowLockWait}), and how rows are shared ({@link LockModeText}).
 */
public final class EntenteExtension {

    /** The version of Seata's protocol that both sides speak; Seata's clients compare it, so it stays in their scheme. */
    public static final String PROTOCOL_VERSION = "2.6.0";

    /** Stands in the {@code extraData} of a client's registration, as a line of its own. */
    public static final String ANNOUNCEMENT = "entente=1\n";

    /** The version a coordinator answers to a client that announced the extension. */
    public static final String ANSWERED_VERSION = PROTOCOL_VERSION + "+entente.1";

    /**
     * In the head of a frame: {@code host:port} of the coordinator that leads, empty while nobody is known to. It stands in
     * the frame with which a coordinator that does not lead refuses a registration, and in an answer to a heartbeat, also
     * one that was not sent, by which a coordinator tells its clients that it does not lead any more.
     */
    public static final String LEADER = "leader";

    /** In the {@code extraData} of the answer to a begin that was refused because there is too much to do already. */
    public static final String OVERLOADED = "entente.overloaded";

    /**
     * In the head of the frame of a branch's registration: a number of 64 bits in hexadecimal digits, not 0, chosen by the
     * client and the same when it asks again, so that the branch is registered once.
     */
    public static final String REGISTRATION = "registration";

    private static final String KEY = "entente=";

    private EntenteExtension() {}

    /** Whether the client that registers with {@code extraData} understands the extension. */
    public static boolean isAnnouncedIn(String extraData) {
        return extraData.contains(KEY)
                && extraData.lines().anyMatch(line -> line.startsWith(KEY) && isLevel(line.substring(KEY.length())));
    }

    /** Whether the coordinator that answers a registration with {@code version} understands the extension. */
    public static boolean isUnderstoodIn(String version) {
        int start = version.indexOf("+entente.");
        return start >= 0 && isLevel(version.substring(start + "+entente.".length()));
    }

    /** Later levels keep what level 1 has. */
    private static boolean isLevel(String text) {
        return !text.isEmpty()
                && text.length() <= 4
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
