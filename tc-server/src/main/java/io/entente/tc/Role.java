package io.entente.tc;

/** What a coordinator does among those that share its log. */
public enum Role {
    /** It decides. So does always one that shares its log with nobody. */
    LEADER,
    /** A member of a cluster that replicates what the leader decides, and may be elected. */
    FOLLOWER,
    /** It waits to take the lead over the log in a database. */
    STANDBY
}
