package io.entente.tm.fence;

/** Knows which global transactions are over. The coordinator does; see {@code BranchChannel.isOver}. */
@FunctionalInterface
public interface TransactionJudge {

    /**
     * Whether nobody will ever ask for anything in this global transaction again; false when that is not known.
     *
     * @throws Exception it cannot be found out now
     */
    boolean isOver(String xid) throws Exception;
}
