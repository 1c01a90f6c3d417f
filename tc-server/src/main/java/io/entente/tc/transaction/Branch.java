package io.entente.tc.transaction;

import io.entente.protocol.BranchType;
import io.entente.tc.lock.RowClaim;
import java.util.List;

/**
 * The part of a global transaction that one resource does. Exists until phase two is done for it.
 *
 * @param clientId application and address of the resource manager that registered it
 * @param rows the row locks held for it
 * @param applicationData what the resource manager wants to be told again in phase two
 * @param registeredAt epoch millis
 */
public record Branch(
        long id,
        BranchType type,
        String resourceId,
        String clientId,
        List<RowClaim> rows,
        String applicationData,
        long registeredAt) {

    /** True for a branch that a method of the application undoes, which may look at anything done before it. */
    boolean isUndoneByApplication() {
        return type != BranchType.AT && type != BranchType.XA;
    }

    /** True when a decision to commit may turn out impossible, or only possible later, for this branch. */
    boolean canRefuseToCommit() {
        return type == BranchType.TCC || type == BranchType.XA;
    }

    /** True for a step of a saga: there is nothing to do for it on commit, it is the journal of what was done. */
    boolean isJournal() {
        return type == BranchType.SAGA_ANNOTATION;
    }

    /** Roughly what it takes of the heap, with its row locks. */
    long weight() {
        long weight = 200 + applicationData.length();
        for (RowClaim claim : rows) {
            weight += 150 + claim.row().key().length();
        }
        return weight;
    }

    Branch withApplicationData(String data) {
        return new Branch(id, type, resourceId, clientId, rows, data, registeredAt);
    }

    Branch withRows(List<RowClaim> held) {
        return new Branch(id, type, resourceId, clientId, held, applicationData, registeredAt);
    }
}
