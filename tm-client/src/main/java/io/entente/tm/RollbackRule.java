package io.entente.tm;

/**
 * An exception to the rule that every {@link Throwable} rolls back.
 *
 * @param exceptionName name of an exception class, with its package or without; subclasses are meant too
 * @param rollback true: roll back on it; false: commit in spite of it
 */
public record RollbackRule(String exceptionName, boolean rollback) {

    static final int NO_MATCH = -1;

    /** @throws IllegalArgumentException when {@code exceptionName} is blank */
    public RollbackRule {
        if (exceptionName.isBlank()) {
            throw new IllegalArgumentException(
                    "A rollback rule needs the name of an exception class; got a blank one.");
        }
    }

    /** How many superclasses lie between the exception and the class of this rule; {@link #NO_MATCH} without one. */
    int distance(Throwable exception) {
        int distance = 0;
        for (Class<?> type = exception.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(exceptionName) || type.getSimpleName().equals(exceptionName)) {
                return distance;
            }
            distance++;
        }
        return NO_MATCH;
    }
}
