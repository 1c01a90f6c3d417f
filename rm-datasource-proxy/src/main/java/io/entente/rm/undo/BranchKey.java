package io.entente.rm.undo;

/**
 * What names one branch's undo row. Both parts, because Seata's own undo_log has an index that starts with the XID only.
 *
 * @param xid the global transaction
 * @param branchId the branch
 */
public record BranchKey(String xid, long branchId) {}
