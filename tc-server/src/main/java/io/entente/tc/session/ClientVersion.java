package io.entente.tc.session;

/**
 * A client's version, for the few places where old clients need to be treated differently.
 *
 * @param number comparable; 0 when the text is no version, which makes such a client an old one
 */
record ClientVersion(long number) {
    /** From here on single answers to batched requests are understood. */
    static final ClientVersion BATCH_ANSWERS = parse("1.5.0");
    /** From here on a commit that comes after the timeout throws, by its status. */
    static final ClientVersion NOTICES_TIMEOUTS = parse("1.6.0");
    /** From here on a commit of what has ended otherwise throws too. */
    static final ClientVersion NOTICES_ROLLBACKS = parse("1.7.0");
    /** From here on a batched request may be answered as if it had come alone. */
    static final ClientVersion PLAIN_ANSWERS_TO_BATCHES = parse("2.3.0");

    /** Up to four numbers with dots between them; what follows a hyphen is ignored. */
    static ClientVersion parse(String text) {
        int hyphen = text.indexOf('-');
        String[] parts = (hyphen < 0 ? text : text.substring(0, hyphen)).split("\\.", -1);
        long number = 0;
        for (int i = 0; i < 4; i++) {
            String part = i < parts.length ? parts[i] : "0";
            if (parts.length > 4
                    || part.isEmpty()
                    || part.length() > 4
                    || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return new ClientVersion(0);
            }
            number = number * 10_000 + Long.parseLong(part);
        }
        return new ClientVersion(number);
    }

    boolean isAtLeast(ClientVersion other) {
        return number >= other.number;
    }
}
