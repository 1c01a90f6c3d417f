package io.entente.tc.coordinator;

import org.jspecify.annotations.Nullable;

/** This process does not lead, so it can neither decide anything nor tell what was decided. */
public final class NotLeadingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final @Nullable String leader;

    /** @param leader {@code host:port} where clients reach the leader, null while nobody is known to lead */
    public NotLeadingException(@Nullable String leader) {
        super("this coordinator does not lead; " + (leader == null ? "who leads is not known yet" : leader + " does"));
        this.leader = leader;
    }

    /** Where clients reach the leader, null while nobody is known to lead. */
    public @Nullable String leader() {
        return leader;
    }
}
