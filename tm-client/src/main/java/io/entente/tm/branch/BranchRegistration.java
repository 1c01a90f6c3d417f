package io.entente.tm.branch;

import io.entente.protocol.BranchType;

/**
 * What is registered as a branch.
 *
 * @param lockKey row locks to take with it, {@code table:key,key;table:key}; empty for none
 * @param applicationData told again in phase two
 */
public record BranchRegistration(
        String xid, BranchType type, String resourceId, String lockKey, String applicationData) {}
