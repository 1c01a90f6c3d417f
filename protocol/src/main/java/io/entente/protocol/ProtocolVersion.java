package io.entente.protocol;

/**
 * A peer's version of Seata's protocol, for the few places where old ones need to be treated differently.
 *
 * @param number comparable; 0 when the text is no version, which makes such a peer an old one
 */
public record ProtocolVersion(long number) {
    /** From here on single answers to batched requests are understood. */
    public static final ProtocolVersion BATCH_ANSWERS = parse("1.5.0");
    /** From here on a commit that comes after the timeout throws, by its status. */
    public static final ProtocolVersion NOTICES_TIMEOUTS = parse("1.6.0");
    /** From here on a commit of what has ended otherwise throws too. */
    public static final ProtocolVersion NOTICES_ROLLBACKS = parse("1.7.0");
    /** From here on a batched request may be answered as if it had come alone. */
    public static final ProtocolVersion PLAIN_ANSWERS_TO_BATCHES = parse("2.3.0");
    /** From here on a branch may be a {@linkplain BranchType#SAGA_ANNOTATION step of a saga}. */
    public static final ProtocolVersion SAGA_STEPS = parse("2.3.0");
    /** From here on a branch may be reported as {@linkplain BranchStatus#PHASE_ONE_READ_ONLY one that only read}. */
    public static final ProtocolVersion READ_ONLY_BRANCHES = parse("2.1.0");

    /** Up to four numbers with dots between them; what follows a hyphen is ignored. */
    public static ProtocolVersion parse(String text) {
        int hyphen = text.indexOf('-');
        String[] parts = (hyphen < 0 ? text : text.substring(0, hyphen)).split("\\.", -1);
        long number = 0;
        for (int i = 0; i < 4; i++) {
            String part = i < parts.length ? parts[i] : "0";
            if (parts.length > 4
                    || part.isEmpty()
                    || part.length() > 4
                    || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return new ProtocolVersion(0);
            }
            number = number * 10_000 + Long.parseLong(part);
        }
        return new ProtocolVersion(number);
    }

    public boolean isAtLeast(ProtocolVersion other) {
        return number >= other.number;
    }
}
