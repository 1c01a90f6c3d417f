package io.entente.simulation.database;

/** How far a branch is that is fenced. */
public record FenceRow(String xid, Status status) {

    /** What has happened. */
    public enum Status {
        TRIED,
        CONFIRMED,
        CANCELLED,
        /** Cancelled before it was tried, which never may happen from now on. */
        SUSPENDED
    }

    public boolean isOver() {
        return status == Status.CANCELLED || status == Status.SUSPENDED;
    }
}
