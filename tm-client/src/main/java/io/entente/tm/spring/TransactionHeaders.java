package io.entente.tm.spring;

/** The HTTP headers that tie the participants of a global transaction together. */
public final class TransactionHeaders {

    /** In a request: the XID of the transaction it belongs to. The same header as Seata's. */
    public static final String XID = "TX_XID";

    /** In a response: how the participant votes. Absent when it has nothing against a commit. */
    public static final String VOTE = "TX_VOTE";

    /** The value of {@link #VOTE} of a participant that failed. */
    public static final String ROLLBACK_ONLY = "rollback-only";

    private TransactionHeaders() {}
}
